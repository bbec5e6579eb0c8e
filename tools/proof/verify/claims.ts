import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { message, type Standing } from './page.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
/** For programs that put something in order before they end. */
const GRACE_MS = 10_000;

/**
 * Runs the tests of test/aws/ to their end; the signal ends them. In a process group of their own: Ctrl-C reaches this
 * program only, and afterwards nothing that they started, such as `cdk deploy`, goes on beside the removal.
 * @returns whether all of them came to their end
 */
export async function tryClaims(signal: AbortSignal, onClaim: (told: Standing) => void): Promise<boolean> {
  let isOver = false;
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--mode', 'aws'], {
    cwd: PROJECT,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const signalGroup = (name: NodeJS.Signals | 0) => {
    try {
      return child.pid !== undefined && process.kill(-child.pid, name);
    } catch {
      return false;
    }
  };
  const end = () => signalGroup('SIGTERM');
  child.on('message', (told) => {
    const read = v.safeParse(message, told);
    if (!read.success) return;
    if ('isOver' in read.output) isOver = true;
    else onClaim(read.output);
  });
  signal.addEventListener('abort', end);
  try {
    await once(child, 'close');
    return isOver;
  } finally {
    signal.removeEventListener('abort', end);
    end();
    for (const endsAt = Date.now() + GRACE_MS; signalGroup(0) && Date.now() < endsAt; ) await sleep(100);
    signalGroup('SIGKILL');
  }
}
