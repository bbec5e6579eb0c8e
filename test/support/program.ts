import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

/** Starts a program of `tools/ops`, as its npm script does, with standard input from a pipe; `ended` has all that it printed. */
export function startProgram(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
) {
  const program = fileURLToPath(new URL(`../../tools/ops/${file}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: inject('compiledDir'), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A program that reads nothing may be gone before it is given anything.
  child.stdin.on('error', () => {}).end(input);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr, [code, signal]]) => ({ code, signal, stdout, stderr }),
  );
  return { child, ended };
}

export function runProgram(...program: Parameters<typeof startProgram>) {
  return startProgram(...program).ended;
}
