import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { flag, readOptions, wholeNumber } from '../cli/command-line.ts';
import { DEFAULT_PORT } from '../local/addresses.ts';

/**
 * A stack in AWS by its name, or the one that `npm start` runs, by the port of its webhook. A stack of somebody's own
 * may hold several receivers, each with outputs that begin with its name.
 */
export type Target =
  | { readonly name: string; readonly receiver?: string | undefined }
  | { readonly localPort: number };

export const targetEntries = {
  stack: v.optional(
    v.pipe(v.string(), v.regex(/^[^/]+(\/[^/]+)?$/, 'the name of a stack, or NAME/RECEIVER')),
  ),
  local: flag,
  port: wholeNumber(1, 65_535),
};
interface TargetOptions extends v.InferOutput<v.ObjectSchema<typeof targetEntries, undefined>> {}

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
export function readPossibleTarget<O extends TargetOptions>(
  command: Command,
  schema: v.GenericSchema<unknown, O>,
): { options: O; target: Target | undefined } {
  const options = readOptions(command, schema);
  const { stack, local, port } = options;
  if (stack === undefined) return { options, target: local ? { localPort: port } : undefined };
  if (local)
    command.error('expected --stack or --local, got both; leave one out (--port stands for --local)');
  const [name = '', receiver] = stack.split('/');
  return { options, target: { name, receiver } };
}

/** The same for a program that needs a stack. */
export function readTarget<O extends TargetOptions>(command: Command, schema: v.GenericSchema<unknown, O>) {
  const { options, target } = readPossibleTarget(command, schema);
  const missing = `expected --stack or --local, got neither; run: ${command.name()} --local, or with --stack <name>`;
  return { options, target: target ?? command.error(missing) };
}

/** The options that name the same stack to another program. */
export function targetFlags(target: Target): string {
  if ('name' in target) {
    return `--stack ${target.name}${target.receiver === undefined ? '' : `/${target.receiver}`}`;
  }
  return target.localPort === DEFAULT_PORT ? '--local' : `--local --port ${target.localPort}`;
}
