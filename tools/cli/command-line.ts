import { Command } from 'commander';
import * as v from 'valibot';
import { explained } from './failure.ts';
import { INTERRUPTED, listen } from './interrupt.ts';
import { useProxy } from './network.ts';

export const flag = v.optional(v.boolean(), false);
export const text = v.optional(v.string());

export function wholeNumber(least: number, most: number) {
  const expected = `a number from ${least} to ${most}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, expected),
    v.transform(Number),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
}

/** @param run how a person runs it, up to its options: `npm run send` */
export function createCommand(run: string): Command {
  return new Command(`${run} --`);
}

/**
 * The options of the command line; ends the program with a sentence when one is wrong.
 * @param schema its messages say what an option takes: `a number from 1 to 65535`
 */
export function readOptions<O>(command: Command, schema: v.GenericSchema<unknown, O>): O {
  refuseOptionsOfNpm(command);
  const given = command.parse().opts();
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = String(v.getDotPath(issue));
  const option = command.options.find((one) => one.attributeName() === name);
  return command.error(
    `${option?.long ?? name}: expected ${issue.message}, got ${JSON.stringify(given[name])}`,
  );
}

/** npm may be set to it for good. Left to npm, it only means that the tool asks. */
const HARMLESS = 'yes';
/** npm takes these for short options, one a letter; the first, -a, is its --all. */
const READ_BY_LETTERS = ['add', 'apply'];

/**
 * npm takes options before `--` for its own, and hands them on as variables only: `npm run send --tamper` would send an
 * event that was not tampered with. Source: npm, "npm_config_". No value is repeated: it may be a key.
 */
function refuseOptionsOfNpm(command: Command): void {
  const after = process.argv.slice(2).map((argument) => argument.replace(/=.*/s, ''));
  const taken = command.options.flatMap(({ long = '', flags }) => {
    const name = long.slice('--'.length);
    const variable = `npm_config_${READ_BY_LETTERS.includes(name) ? 'all' : name.replaceAll('-', '_')}`;
    const { [variable]: value = '' } = process.env;
    return value === '' || value === 'false' || name === HARMLESS || after.includes(long)
      ? []
      : [{ flags, variable }];
  });
  if (taken.length === 0) return;
  const options = taken.map(({ flags }) => flags).join(' ');
  const variables = taken.map(({ variable }) => variable).join(', ');
  command.error(
    `expected the options after "--", got ${options} before it, where npm takes them; if you gave none, npm is set so for good: unset ${variables}, or take it out of .npmrc; else run: ${command.name()} ${options}, and what else you gave`,
  );
}

/** Runs a program to its end: its exit code is what `run` gives, or 1 after the sentence of what it threw. */
export async function main(run: () => Promise<number>): Promise<void> {
  process.stdout.on('error', () => process.exit(1));
  await runToEnd(run);
}

/**
 * The same for a program that puts something in order before it ends. The signal tells it to, at Ctrl-C or when nobody
 * reads what it prints any more (`| head`).
 */
export async function mainInOrder(run: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const end = new AbortController();
  listen({ first: () => end.abort(INTERRUPTED) });
  process.stdout.on('error', () => end.abort());
  await runToEnd(() => run(end.signal));
  if (end.signal.reason === INTERRUPTED) process.exitCode = INTERRUPTED;
}

async function runToEnd(run: () => Promise<number>): Promise<void> {
  useProxy();
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(explained(error));
    process.exitCode = 1;
  }
}
