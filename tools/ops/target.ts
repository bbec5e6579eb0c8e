import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { flag, readOptions, wholeNumber } from '../cli/command-line.ts';
import { DEFAULT_PORT } from '../local/addresses.ts';
import type { Target } from './stack.ts';

/** What {@link withTarget} adds, for the schema of a program's options. */
export const targetEntries = {
  stack: v.optional(v.pipe(v.string(), v.regex(/^[^/]+(\/[^/]+)?$/))),
  local: flag,
  port: wholeNumber(1, 65_535),
};

const EXPECTED = { port: 'a number from 1 to 65535', stack: 'the name of a stack, or NAME/RECEIVER' };

/** Adds the options by which a person names a stack. */
export function withTarget(command: Command): Command {
  return command
    .option('--stack <name>', 'the stack in AWS; NAME/RECEIVER for one of several receivers in it')
    .option('--local', 'the stack that "npm start" runs on this machine')
    .addOption(
      new Option('--port <n>', "the webhook's port of that stack; says --local by itself")
        .default(String(DEFAULT_PORT))
        .implies({ local: true }),
    );
}

/** The program's options and the stack they name, if they do; ends the program with a sentence when they are wrong. */
export function readPossibleTarget<O extends { stack?: string | undefined; local: boolean; port: number }>(
  command: Command,
  schema: v.GenericSchema<unknown, O>,
  expected: Readonly<Record<string, string>> = {},
): { options: O; target: Target | undefined } {
  const options = readOptions(command, schema, { ...EXPECTED, ...expected });
  const { stack, local, port } = options;
  if (stack !== undefined && local)
    command.error('expected --stack or --local, got both; leave one out (--port stands for --local)');
  if (stack !== undefined) {
    const [name = '', receiver] = stack.split('/');
    return { options, target: receiver === undefined ? { name } : { name, receiver } };
  }
  return { options, target: local ? { localPort: port } : undefined };
}

/** The same for a program that needs a stack. */
export function readTarget<O extends { stack?: string | undefined; local: boolean; port: number }>(
  command: Command,
  schema: v.GenericSchema<unknown, O>,
  expected?: Readonly<Record<string, string>>,
): { options: O; target: Target } {
  const { options, target } = readPossibleTarget(command, schema, expected);
  if (target !== undefined) return { options, target };
  return command.error(
    `expected --stack or --local, got neither; run: ${command.name()} --local, or with --stack <name>`,
  );
}

/** The options that name the same stack to another program. */
export function targetFlags(target: Target): string {
  if ('name' in target) {
    return `--stack ${target.name}${target.receiver === undefined ? '' : `/${target.receiver}`}`;
  }
  return target.localPort === DEFAULT_PORT ? '--local' : `--local --port ${target.localPort}`;
}
