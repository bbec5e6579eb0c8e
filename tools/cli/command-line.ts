import { Command } from 'commander';
import * as v from 'valibot';
import { explained } from './failure.ts';
import { useProxy } from './network.ts';

export const flag = v.optional(v.boolean(), false);
export const text = v.optional(v.string());

/** A whole number as text, from `least` to `most`. */
export function wholeNumber(least: number, most: number) {
  return v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.minValue(least), v.maxValue(most));
}

/** @param run how a person runs it, up to its options: `npm run send` */
export function createCommand(run: string): Command {
  return new Command(`${run} --`);
}

/**
 * The options of the command line; ends the program with a sentence when one is wrong.
 * @param expected for each option with a rule of its own: what it takes, `a number from 1 to 65535`
 */
export function readOptions<O>(
  command: Command,
  schema: v.GenericSchema<unknown, O>,
  expected: Readonly<Record<string, string>>,
): O {
  refuseOptionsOfNpm(command);
  const given = command.parse().opts();
  const result = v.safeParse(schema, given);
  if (result.success) return result.output;
  const name = String(v.getDotPath(result.issues[0]));
  const option = command.options.find((one) => one.attributeName() === name);
  return command.error(
    `${option?.long ?? name}: expected ${expected[name] ?? 'a text'}, got ${JSON.stringify(given[name])}`,
  );
}

/** npm reads these letter by letter: -a and others, so --all. */
const READ_BY_LETTERS = ['add', 'apply'];

/**
 * npm takes options before `--` for its own, and hands them on as variables only: `npm run send --tamper` would send an
 * event that was not tampered with. Source: npm, "npm_config_".
 */
function refuseOptionsOfNpm(command: Command): void {
  const taken = command.options.flatMap(({ long }) => {
    const name = long?.slice('--'.length) ?? '';
    const variable = READ_BY_LETTERS.includes(name) ? 'all' : name.replaceAll('-', '_');
    const value = process.env[`npm_config_${variable}`];
    if (value === undefined || value === '' || value === 'false') return [];
    return [value === 'true' ? `--${name}` : `--${name} '${value}'`];
  });
  if (taken.length === 0) return;
  const rest = process.argv.slice(2).map((argument) => ` '${argument}'`);
  command.error(
    `expected the options after "--", got ${taken.join(' ')} before it, where npm takes them; run: ${command.name()} ${taken.join(' ')}${rest.join('')}`,
  );
}

/**
 * Runs a program to its end: its exit code is what `run` gives, or 1 after the sentence of what it threw.
 * @param onReaderGone when nobody reads what is printed any more (`| head`); ends the program when left out
 */
export async function main(
  run: () => Promise<number>,
  onReaderGone: () => void = () => process.exit(1),
): Promise<void> {
  process.stdout.on('error', onReaderGone);
  useProxy();
  try {
    process.exitCode = await run();
  } catch (error) {
    console.error(explained(error));
    process.exitCode = 1;
  }
}
