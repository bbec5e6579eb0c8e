import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { sign } from '../../../functions/receiver/signature.ts';
import { stages } from '../../../infra/stages.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { readSample } from '../../../tools/ops/delivery.ts';

const PROGRAM = fileURLToPath(new URL('../../../tools/inspector/main.ts', import.meta.url));

let child: ChildProcess | undefined;
let env: NodeJS.ProcessEnv = {};
/** A process group of its own, as a terminal gives it. */
let isGroup = false;
afterEach(() => {
  child?.kill('SIGKILL');
  env = {};
  isGroup = false;
});

function start(...args: string[]) {
  const started = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: isGroup,
  });
  child = started;
  let printed = '';
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(printed)?.[1];
      if (found !== undefined) return found;
      if (started.exitCode !== null) throw new Error(`expected ${pattern}, got an end after ${printed}`);
      await Promise.race([once(started.stdout, 'data'), once(started, 'close')]);
    }
  };
  return { started, until };
}

test('shows the inspector, the webhook and the secret, one line a delivery, and ends cleanly at Ctrl-C', async () => {
  const { started, until } = start('--port', '0');
  const inspector = await until(/Inspector +(\S+)\n/);
  const url = await until(/Webhook +(\S+)\n/);
  const secret = await until(/Secret +(\S+)\n/);
  for (const tool of ['send', 'receive']) {
    expect(await until(new RegExp(`npm run ${tool} -- --local --port (\\d+)`))).toBe(new URL(url).port);
  }
  await until(/(Deliveries:)/);
  const body = await readSample('user-status-created');
  const headers = { 'content-type': 'application/json', 'x-hmac-signature': sign(secret, body) };
  expect(await (await fetch(inspector)).text()).toMatch(/^<!doctype html>/);
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  expect(await until(/(accepted +200 .*queue 1)/)).toMatch(/ [0-9a-f]{12} /);
  started.kill('SIGINT');
  expect(await once(started, 'close')).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('ends when interrupted before it is up', async () => {
  const { started } = start('--port', '0');
  await once(started, 'spawn');
  started.kill('SIGINT');
  const [code, signal] = await once(started, 'close');
  expect([0, 'SIGINT']).toContain(signal ?? code);
});

test('prints no error of what Ctrl-C in a terminal, which all of its processes get, cuts off', async () => {
  isGroup = true;
  const { started } = start('--port', '0');
  let printed = '';
  for await (const chunk of started.stderr.setEncoding('utf8')) {
    printed += chunk;
    // By then esbuild runs.
    const interrupt = () => started.pid !== undefined && process.kill(-started.pid, 'SIGINT');
    if (/^Bundling .*\n$/.test(printed)) setTimeout(interrupt, 150);
  }
  expect(printed).toMatch(/^Bundling .*\n$/);
});

test('says what to do about a temporary folder that is not there, and exits with 1', async () => {
  env = { TMPDIR: join(tmpdir(), 'not-there') };
  const { started } = start('--port', '0');
  const [stderr, [code]] = await Promise.all([text(started.stderr), once(started, 'close')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ENOENT: .*; set TMPDIR to a folder that can be written\n$/);
});

test('says in one sentence that a port is in use, and exits with 1', async () => {
  const other = await serveOnLoopback(0, () => {});
  const { started } = start('--port', String(other.port));
  const [stderr, [code]] = await Promise.all([text(started.stderr), once(started, 'close')]);
  await other.stop();
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^expected ports ${other.port} to \\d+ .* free, got one in use; .*\n$`));
});

test('refuses a stage that is not in infra/stages.ts with the sentence of the synthesis, and exits with 1', async () => {
  const { started } = start('--port', '0', '--stage', 'prdo');
  const [stderr, [code]] = await Promise.all([text(started.stderr), once(started, 'close')]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `infra/stages.ts has no stage "prdo"; it has ${Object.keys(stages).join(', ')}. Use one of these, or add the stage there.\n`,
  );
});
