import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type FaultyStack, startFaultyStack } from '../support/faulty-stack.ts';
import { SECRET, webhook } from '../support/webhook.ts';

const lines: string[] = [];
let stack: FaultyStack;

beforeAll(async () => {
  stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: SECRET,
    maxEnvironments: 1,
    onLog: (line) => void lines.push(line),
  });
});
afterAll(() => stack.stop());

/** Delivers once and says what it took, when all lines of it are printed. */
async function deliver(options: Parameters<typeof webhook>[0] = {}) {
  const { calls } = stack.faults.sqs;
  const before = { calls: calls.length, reads: stack.secretsManager.reads(), lines: lines.length };
  const { body, headers } = webhook(options);
  const { status } = await fetch(stack.url, { method: 'POST', body: Buffer.from(body), headers });
  await expect.poll(() => stack.function.environments()[0]?.state).toBe('idle');
  const printed = lines.slice(before.lines);
  return {
    status,
    sqs: calls.slice(before.calls).map(({ action }) => action),
    secretReads: stack.secretsManager.reads() - before.reads,
    lines: printed.length,
    bytes: Buffer.byteLength(printed[0] ?? ''),
  };
}

/** One line, which is log and metrics. */
const accepted = { status: 200, sqs: ['SendMessage'], lines: 1, bytes: expect.any(Number) };

it('a cold delivery takes one read of the secret, one message and one line of the log', async () => {
  await stack.function.recycle();
  const atStart = stack.secretsManager.reads();
  const taken = await deliver();
  expect(taken).toEqual({ ...accepted, secretReads: stack.secretsManager.reads() - atStart });
  expect(taken.secretReads).toBe(1);
});

it('a warm delivery takes one message and one line of the log, and no read of the secret', async () => {
  await deliver();
  for (let count = 0; count < 3; count += 1) expect(await deliver()).toEqual({ ...accepted, secretReads: 0 });
});

it('forged deliveries take no message, and one refresh of the secret: a read of each version', async () => {
  await stack.function.recycle();
  await deliver();
  let reads = 0;
  for (let count = 0; count < 20; count += 1) {
    const { secretReads, ...taken } = await deliver({ secret: 'another' });
    expect(taken).toEqual({ status: 401, sqs: [], lines: 1, bytes: expect.any(Number) });
    reads += secretReads;
  }
  // A machine so slow that 30 s pass meanwhile sees another one.
  expect([2, 4]).toContain(reads);
});
