import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

interface Run {
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly input?: string;
}

/**
 * Runs a program of Node.js in the project to its end; the signal ends it.
 * @param file relative to the project
 * @returns all that it printed
 * @throws AssertionError with the end of what it printed when it exits with another code than 0
 */
export async function run(file: string, args: readonly string[], { signal, env = {}, input = '' }: Run) {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [file, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    stdio: 'pipe',
    // In a process group of its own: Ctrl-C reaches this program only, which then ends the child.
    detached: true,
  });
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  // A program that reads nothing may be gone before it is given anything.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  const output = `${stdout}\n${stderr}`.trim();
  const lines = output.split('\n');
  // What CloudFormation says of a failure stands far above the end.
  const failures = lines.filter((line) => line.includes('FAILED')).slice(0, 2);
  const essence = failures.length > 0 ? failures : lines.slice(-4);
  assert(code === 0, `${file} exited with ${code}: ${essence.join('; ')}`);
  return output;
}
