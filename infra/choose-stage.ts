import { type ReceiverSettings, readOptions, type Stages } from './options.ts';

/** Nothing can be deployed like this; the message is for the person who started the program, who needs no stack trace. */
export class OptionsError extends Error {}

export interface Stage {
  readonly name: string;
  readonly options: ReceiverSettings;
}

/**
 * Finds the stage that the CDK context names, which is `dev` when it names none.
 * @throws OptionsError as {@link chooseStage}, and for another key of the context that a person may have meant for us
 */
export function stageOfContext(stages: Stages, context: Readonly<Record<string, unknown>>): Stage {
  // The keys of the CDK and of its look-ups all have a character that isn't of a word: `@aws-cdk/…`, `aws:cdk:…`.
  const words = Object.keys(context).filter((key) => /^\w+$/.test(key) && key !== 'stage');
  if (words.length > 0) {
    const faults = words.map(
      (key) =>
        `-c ${key}=… is not read: a stage's options are in infra/stages.ts, and -c takes the stage only.`,
    );
    throw new OptionsError(faults.join('\n'));
  }
  return chooseStage(stages, String(context.stage ?? 'dev'));
}

/**
 * The options of a stage, checked and complete.
 * @throws OptionsError with the stages that there are, or with one sentence for each fault
 */
export function chooseStage(stages: Stages, name: string): Stage {
  const given = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (given === undefined) {
    const names = Object.keys(stages).join(', ');
    throw new OptionsError(
      `infra/stages.ts has no stage ${JSON.stringify(name)}; it has ${names}: give one of these, or add it there.`,
    );
  }
  // The name ends up in names of AWS's, some of which are short.
  if (name.length > 20 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new OptionsError(
      `infra/stages.ts: ${JSON.stringify(name)} can't name a stage, which takes 1 to 20 lower-case letters, digits and inner hyphens and starts with a letter.`,
    );
  }
  const { settings, faults } = readOptions(given);
  if (faults.length > 0)
    throw new OptionsError(faults.map((fault) => `infra/stages.ts: ${name}.${fault}`).join('\n'));
  return { name, options: settings };
}
