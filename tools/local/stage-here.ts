import type { Options } from '../../infra/options.ts';

/** What a stage has in AWS only. Its allowed sources, too: here, every delivery comes from this machine. */
const ELSEWHERE = [
  'domain',
  'kmsKeyArn',
  'retiredKmsKeyArns',
  'subscriberAccounts',
  'alarms',
  'dashboard',
  'allowedSources',
] as const satisfies readonly (keyof Options)[];

/**
 * The options of a stage of infra/stages.ts as far as this machine can carry them out, and those of it that it can't.
 * @throws OptionsError as the synthesis does
 */
export async function stageHere(name: string): Promise<StageHere> {
  // Loaded on demand: it brings the CDK, which takes over a second.
  const [{ chooseStage }, { stages }] = await Promise.all([
    import('../../infra/choose-stage.ts'),
    import('../../infra/stages.ts'),
  ]);
  return keepHere(chooseStage(stages, name).options);
}

interface StageHere {
  readonly options: Options;
  readonly leftOut: readonly string[];
}

export function keepHere(options: Options): StageHere {
  const kept = Object.entries(options).filter(([option]) => !ELSEWHERE.some((other) => other === option));
  const leftOut = ELSEWHERE.filter((option) => isGiven(options[option]));
  return { options: Object.fromEntries(kept), leftOut };
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
