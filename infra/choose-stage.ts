import { checkOptions, type Stages } from './options.ts';

/** The stage, its options or the context are wrong. Print only the message: the user needs no stack trace. */
export class OptionsError extends Error {}

/**
 * Finds the stage that the CDK context names, or `dev` when it names none.
 * @throws OptionsError like {@link chooseStage}, and when the context has another key that looks like an option
 */
export function stageOfContext(stages: Stages, context: Readonly<Record<string, unknown>>) {
  // The CDK's own keys have a character that `\w` does not match (`@aws-cdk/…`, `aws:cdk:…`). Others are the user's.
  const unknownKeys = Object.keys(context).filter((key) => /^\w+$/.test(key) && key !== 'stage');
  if (unknownKeys.length > 0) {
    const faults = unknownKeys.map(
      (key) =>
        `-c ${key}=… is not read: a stage's options are in infra/stages.ts, and -c takes only the stage.`,
    );
    throw new OptionsError(faults.join('\n'));
  }
  return chooseStage(stages, String(context.stage ?? 'dev'));
}

/**
 * The options of a stage, checked and complete.
 * @throws OptionsError that lists the existing stages, or has one sentence for each fault
 */
export function chooseStage(stages: Stages, name: string) {
  if (!Object.hasOwn(stages, name)) {
    const names = Object.keys(stages).join(', ');
    throw new OptionsError(
      `infra/stages.ts has no stage ${JSON.stringify(name)}; it has ${names}. Use one of these, or add the stage there.`,
    );
  }
  // The stage's name is a part of the names of AWS resources, and some of these have a short limit.
  if (name.length > 20 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new OptionsError(
      `infra/stages.ts: ${JSON.stringify(name)} is not a valid stage name. Use 1 to 20 lower-case letters, digits and inner hyphens, and start with a letter.`,
    );
  }
  const { options, faults } = checkOptions(stages[name], name);
  if (faults.length > 0) {
    throw new OptionsError(faults.map((fault) => `infra/stages.ts: ${fault}`).join('\n'));
  }
  return { name, options };
}
