import type { Options } from '../../infra/options.ts';

/** What exists only in AWS, and `allowedSources`: here every delivery comes from this machine. */
const ONLY_IN_AWS = [
  'domain',
  'kmsKeyArn',
  'retiredKmsKeyArns',
  'subscriberAccounts',
  'alarms',
  'dashboard',
  'allowedSources',
] as const satisfies readonly (keyof Options)[];

/**
 * The options of a stage of infra/stages.ts that this machine can carry out, and the names of those that it can't.
 * @throws OptionsError as the synthesis does
 */
export async function stageHere(name: string) {
  // Loaded on demand: it brings the CDK, which takes over a second.
  const [{ chooseStage }, { stages }] = await Promise.all([
    import('../../infra/choose-stage.ts'),
    import('../../infra/stages.ts'),
  ]);
  return keepHere(chooseStage(stages, name).options);
}

export function keepHere(options: Options): { options: Options; leftOut: readonly string[] } {
  const kept = Object.entries(options).filter(([name]) => !ONLY_IN_AWS.some((other) => other === name));
  const leftOut = ONLY_IN_AWS.filter((name) => {
    const value = options[name];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  return { options: Object.fromEntries(kept), leftOut };
}
