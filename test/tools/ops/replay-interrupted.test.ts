import { setTimeout as sleep } from 'node:timers/promises';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import type { Call } from '../../support/call.ts';
import { openDoor } from '../../support/door.ts';
import { awsError } from '../../support/fault.ts';
import type { FaultPlan } from '../../support/fault-proxy.ts';
import { startProgram } from '../../support/program.ts';
import { lying, setAside, sqsClient } from '../../support/quarantine.ts';
import { sampleWith } from '../../support/webhook.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir') });
});
afterEach(async () => {
  for (const { url } of [stack.queues.main, stack.queues.quarantine]) await stack.sqs.purge(url);
});
afterAll(() => stack.stop());

async function start(args: readonly string[], plan: FaultPlan = () => undefined) {
  const door = await openDoor(stack, plan);
  const program = startProgram('replay.ts', ['--local', '--port', door.port, ...args]);
  onTestFinished(async () => {
    program.child.kill('SIGKILL');
    await door.stop();
  });
  const until = (action: string) =>
    vi.waitFor(() => expect(door.actions()).toContain(action), { timeout: 40_000, interval: 10 });
  return { ...program, actions: door.actions, until };
}

const isSendOf = (session: string, { action, input }: Call) =>
  action === 'SendMessage' && String(input.MessageBody).includes(session);

const sessions = (count: number) => Array.from({ length: count }, (_, index) => `session-${index}`);

async function setAsideMany(count: number) {
  for (const session of sessions(count)) {
    await setAside(
      stack,
      sampleWith((payload) => {
        payload.sessionId = session;
      }),
    );
  }
}

/** The sessions on a queue, in order. */
async function found(queue: 'main' | 'quarantine') {
  const { ready, hidden } = await lying(stack, queue);
  const names = (messages: typeof ready) => messages.map(({ body }) => JSON.parse(body).sessionId).sort();
  return { ready: names(ready), hidden: names(hidden) };
}

/** As if the time had passed for which a killed run had hidden them. */
async function letTimePass() {
  for (const { receiptHandle } of (await lying(stack, 'quarantine')).hidden) {
    await sqsClient(stack).send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: stack.queues.quarantine.url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
}

test('loses nothing when killed between sending and removing: the next run sends the same event ids', async () => {
  await setAsideMany(3);
  const killed = await start(['--apply'], (_, { action }) =>
    action === 'DeleteMessageBatch' ? 'stall' : undefined,
  );
  await killed.until('DeleteMessageBatch');
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(await found('main')).toEqual({ ready: sessions(3), hidden: [] });
  expect(await found('quarantine')).toEqual({ ready: [], hidden: sessions(3) });

  const { code, stdout } = await (await start(['--apply'])).ended;
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^About 3 more are hidden: another run or a subscriber/),
  ]);

  await letTimePass();
  const next = await start(['--apply']);
  expect((await next.ended).code).toBe(0);
  expect(await found('quarantine')).toEqual({ ready: [], hidden: [] });
  const ids = (await lying(stack, 'main')).ready.map(({ attributes }) => attributes.eventId);
  expect([ids.length, new Set(ids).size]).toEqual([6, 3]);
});

test('loses nothing when killed while it sends', async () => {
  await setAsideMany(3);
  const killed = await start(['--apply'], (_, { action }) =>
    action === 'SendMessage' ? 'stall' : undefined,
  );
  await killed.until('SendMessage');
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(await found('quarantine')).toEqual({ ready: [], hidden: sessions(3) });
});

test('ends in order at Ctrl-C, which npm hands on a second time: what was sent is removed, the rest is shown again', async () => {
  await setAsideMany(30);
  const interrupted = await start(['--apply'], (_, { action }) =>
    action === 'SendMessage' ? 'late' : undefined,
  );
  await interrupted.until('SendMessage');
  interrupted.child.kill('SIGINT');
  await sleep(20);
  interrupted.child.kill('SIGINT');
  const { code, stdout } = await interrupted.ended;
  expect([code, stdout]).toEqual([130, expect.stringContaining('Interrupted')]);
  const [main, quarantine] = [await found('main'), await found('quarantine')];
  expect([main.ready.length, quarantine.ready.length, quarantine.hidden.length]).toEqual([10, 20, 0]);
  expect([...main.ready, ...quarantine.ready].sort()).toEqual(sessions(30).sort());
});

test('shows what it hid again when the reader of its output goes away, and exits with 1', async () => {
  await setAsideMany(30);
  const read = await start([], (_, { action }) => (action === 'ReceiveMessage' ? 'slow' : undefined));
  await read.until('ReceiveMessage');
  read.child.stdout.destroy();
  await read.ended.catch(() => {});
  await vi.waitFor(() => expect(read.child.exitCode).toBe(1), { timeout: 20_000 });
  expect((await found('quarantine')).hidden).toEqual([]);
  expect(read.actions().filter((action) => action === 'ReceiveMessage').length).toBeLessThan(4);
});

test('stops at the first message that the queue does not take, and says why', async () => {
  await setAsideMany(30);
  const denied = awsError(403, 'com.amazonaws.sqs#AccessDenied', 'not allowed to sqs:sendmessage');
  const { ended, actions } = await start(['--apply'], (_, { action }) =>
    action === 'SendMessage' ? denied : undefined,
  );
  const { code, stdout } = await ended;
  expect([code, stdout]).toEqual([1, expect.stringContaining('not allowed to sqs:sendmessage')]);
  expect(stdout).toContain('10 looked at: 10 not sent.');
  expect(actions().filter((action) => action === 'ReceiveMessage')).toHaveLength(1);
  expect(await found('quarantine')).toEqual({ ready: sessions(30).sort(), hidden: [] });
});

test('removes what was sent although another one of the batch was not', async () => {
  await setAsideMany(5);
  const { ended } = await start(['--apply'], (_, call) =>
    isSendOf('session-3', call) ? 'error-500' : undefined,
  );
  expect((await ended).code).toBe(1);
  expect(await found('quarantine')).toEqual({ ready: ['session-3'], hidden: [] });
  expect((await found('main')).ready).toEqual(['session-0', 'session-1', 'session-2', 'session-4']);
});

test('keeps what SQS refuses for good, goes on with the others, and exits with 1', async () => {
  await setAsideMany(15);
  const refusal = awsError(400, 'com.amazonaws.sqs#InvalidMessageContents');
  const { ended } = await start(['--apply'], (_, call) =>
    isSendOf('session-3', call) ? refusal : undefined,
  );
  const { code, stdout } = await ended;
  expect(stdout).toContain('refused by SQS');
  expect(code).toBe(1);
  expect((await found('quarantine')).ready).toEqual(['session-3']);
});

test('removes what SQS took only without its optional attributes, and says so: the next run sends nothing twice', async () => {
  await setAsideMany(1);
  const refusal = awsError(400, 'com.amazonaws.sqs#InvalidParameterValue');
  const { ended } = await start(['--apply'], (_, { action, input }) =>
    action === 'SendMessage' && JSON.stringify(input).includes('receivedAt') ? refusal : undefined,
  );
  const { code, stdout } = await ended;
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('1 looked at: 1 sent without its optional attributes.'),
  ]);
  expect([await found('main'), (await found('quarantine')).ready]).toEqual([
    { ready: sessions(1), hidden: [] },
    [],
  ]);
});

test('says that a message was sent but is still in quarantine when SQS does not delete it', async () => {
  await setAsideMany(2);
  const failed = { Id: '1', SenderFault: false, Code: 'InternalError' };
  const half = {
    status: 200,
    headers: {},
    body: JSON.stringify({ Successful: [{ Id: '0' }], Failed: [failed] }),
  };
  const { ended } = await start(['--apply'], (_, { action }) =>
    action === 'DeleteMessageBatch' ? half : undefined,
  );
  const { code, stdout } = await ended;
  expect(code).toBe(1);
  expect(stdout).toContain('sent but still in quarantine (InternalError)');
  expect(stdout).toContain('2 looked at: 1 sent, 1 sent but still in quarantine.');
});

test('says how many it could not show again', async () => {
  await setAsideMany(2);
  const { ended } = await start([], (_, { action }) =>
    action === 'ChangeMessageVisibilityBatch' ? 'deny' : undefined,
  );
  expect((await ended).stdout).toContain('2 could not be shown again at once');
});
