import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS } from '../../../tools/local/addresses.ts';
import { openQueue } from '../../../tools/ops/open-queue.ts';
import { QUARANTINE, REGION, startQueues } from '../../support/queues.ts';
import { neverWait } from '../../support/without-wait.ts';

let queues: Awaited<ReturnType<typeof startQueues>>;
let client: SQSClient;
beforeAll(async () => {
  queues = await startQueues();
  client = neverWait(new SQSClient({ endpoint: queues.endpoint, region: REGION, credentials: CREDENTIALS }));
});
afterEach(() => queues.reset());
afterAll(() => queues.stop());

const url = () => queues.urls[QUARANTINE] ?? '';
const open = (now?: () => number) => openQueue(client, url(), now);
const never = new AbortController().signal;
const MOST = 1_000;

async function put(count: number) {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, index) => ({
      Id: String(index),
      MessageBody: `message ${sent + index}`,
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: url(), Entries }));
  }
}

test('visits each message once although the time of some runs out during the run', async () => {
  await put(25);
  const queue = open();
  const bodies: unknown[] = [];
  for await (const batch of queue.batches(never, MOST)) {
    if (bodies.length === 0) await queue.release();
    bodies.push(...batch.map(({ Body }) => Body));
  }
  expect([bodies.length, new Set(bodies).size]).toEqual([25, 25]);
});

test('hides messages for five minutes, in a long run for twice the time that it has taken', async () => {
  await put(25);
  const asked: unknown[] = [];
  const addition = { step: 'initialize', name: 'asked' } as const;
  client.middlewareStack.add(
    (next) => (args) => {
      if ('VisibilityTimeout' in args.input) asked.push(args.input.VisibilityTimeout);
      return next(args);
    },
    addition,
  );
  let minutes = 0;
  for await (const _ of open(() => minutes * 60_000).batches(never, MOST)) minutes += 8;
  client.middlewareStack.remove('asked');
  expect(asked.slice(0, 3)).toEqual([300, 960, 1920]);
});

test('receives no more than it is asked for, although more arrive as fast as it looks', async () => {
  await put(5);
  const queue = open();
  let visited = 0;
  for await (const batch of queue.batches(never, 42)) {
    visited += batch.length;
    await put(10);
  }
  expect([visited, queue.seen]).toEqual([42, 42]);
});

test('removes a message again that SQS hands out after it was deleted', async () => {
  await put(1);
  const queue = open();
  const deletions: unknown[] = [];
  let copy: unknown;
  const addition = { step: 'initialize', name: 'copy' } as const;
  client.middlewareStack.add(
    (next) => async (args) => {
      if ('Entries' in args.input) deletions.push(args.input.Entries);
      const result = await next(args);
      if (!('MaxNumberOfMessages' in args.input)) return result;
      copy ??= 'Messages' in result.output ? result.output.Messages : undefined;
      return deletions.length === 1 ? { ...result, output: { ...result.output, Messages: copy } } : result;
    },
    addition,
  );
  let visited = 0;
  for await (const [message] of queue.batches(never, MOST)) {
    visited += 1;
    await queue.remove([message?.MessageId ?? '']);
  }
  client.middlewareStack.remove('copy');
  expect([visited, deletions.length]).toEqual([1, 2]);
});
