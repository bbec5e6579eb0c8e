import { type ReceiveMessageCommandInput, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPayload } from '../../../../contract/event.ts';
import { messageAttributes } from '../../../../contract/message.ts';
import { createProgress } from '../../../../tools/cli/progress.ts';
import { CREDENTIALS } from '../../../../tools/local/addresses.ts';
import { type LocalSqs, startSqs } from '../../../../tools/local/sqs.ts';
import { type Action, SEND_DEADLINE_MS } from '../../../../tools/ops/replay/fate.ts';
import { replay } from '../../../../tools/ops/replay/run.ts';
import type { Source } from '../../../../tools/ops/replay/source.ts';
import { sampleWith } from '../../../support/webhook.ts';
import { neverWait } from '../../../support/without-wait.ts';

const REGION = 'us-east-1';
let sqs: LocalSqs;
let client: SQSClient;
beforeAll(async () => {
  sqs = await startSqs();
  client = neverWait(
    new SQSClient({
      endpoint: sqs.endpoint,
      region: REGION,
      credentials: CREDENTIALS,
      useQueueUrlAsEndpoint: false,
    }),
  );
});
afterAll(() => sqs.stop());

async function queue(name: string) {
  const url = `${sqs.endpoint}/000000000000/${name}`;
  const attributes: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  await sqs.createQueue({ name, url, arn: `arn:aws:sqs:${REGION}:000000000000:${name}`, attributes });
  return url;
}

/** An accepted event on a queue, as the receiver sends it. */
async function put(QueueUrl: string, body: string, fifo?: { MessageDeduplicationId: string }) {
  const payload = readPayload(body);
  if (!payload.ok) throw new Error(payload.unusable.problems.join());
  const attributes = messageAttributes(payload.event, { receivedAt: new Date(), integration: undefined });
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  const group = fifo && { ...fifo, MessageGroupId: payload.event.attemptId };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes, ...group }));
  return attributes.eventId;
}

/** Moves what lies on a queue, or lists it; what is told at the end. */
async function run(url: string, kind: Source['kind'], QueueUrl: string, action: Action = 'apply') {
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  await replay({
    stack: { sqs: client, outputs: { QueueUrl, QuarantineQueueUrl: QueueUrl } },
    source: { url, where: 'there', kind },
    action,
    show: false,
    signal: new AbortController().signal,
    progress: createProgress({ write: () => true }),
    list: print,
    print,
  });
  return printed.join('\n');
}

const attempt = (attemptId: string, code: number) =>
  sampleWith((payload) => {
    payload.attemptId = attemptId;
    payload.data.verification.userDefinedData.statusCode = `code_${code}`;
  });

const bodiesOn = async (name: string) => (await sqs.inspect(name)).messages.ready.map(({ body }) => body);

test('keeps the order of each attempt from one FIFO queue to another, and drops a status that is there twice', async () => {
  const [from, to] = [await queue('old.fifo'), await queue('new.fifo')];
  const bodies = [1, 2, 3].flatMap((code) => ['a', 'b'].map((id) => attempt(id, code)));
  for (const [index, body] of [...bodies, attempt('a', 1)].entries()) {
    await put(from, body, { MessageDeduplicationId: String(index) });
  }
  expect(await run(from, 'other', to)).toMatch(/^7 looked at: 7 sent\.$/m);
  const arrived = await bodiesOn('new.fifo');
  for (const id of ['a', 'b']) {
    const own = (all: string[]) => all.filter((body) => JSON.parse(body).attemptId === id);
    expect(own(arrived)).toEqual(own(bodies));
  }
  expect(await bodiesOn('old.fifo')).toEqual([]);
});

test('says how many of a FIFO queue SQS did not hand out', async () => {
  const [from, to] = [await queue('listed.fifo'), await queue('unused.fifo')];
  for (let code = 0; code < 3; code += 1)
    await put(from, attempt('a', code), { MessageDeduplicationId: String(code) });
  expect(await run(from, 'other', to, 'list')).toContain('About 2 more were not handed out');
});

test('receives no more at once than it can send one after the other while they are hidden', async () => {
  const [from, to] = [await queue('hidden.fifo'), await queue('slowly.fifo')];
  await put(from, attempt('a', 1), { MessageDeduplicationId: '1' });
  const received: ReceiveMessageCommandInput[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      if ('MaxNumberOfMessages' in args.input) received.push(args.input);
      return next(args);
    },
    { step: 'initialize', name: 'received' },
  );
  await run(from, 'other', to);
  client.middlewareStack.remove('received');
  expect(received).not.toEqual([]);
  for (const { MaxNumberOfMessages = 10, VisibilityTimeout = 0 } of received) {
    expect(MaxNumberOfMessages * (SEND_DEADLINE_MS / 1_000)).toBeLessThan(VisibilityTimeout);
  }
});

test('moves from a standard queue to a FIFO queue and back', async () => {
  const [from, to, back] = [await queue('old'), await queue('to.fifo'), await queue('back')];
  const body = attempt('c', 1);
  await put(from, body);
  expect(await run(from, 'other', to)).toMatch(/^1 looked at: 1 sent\.$/m);
  expect(await run(to, 'other', back)).toMatch(/^1 looked at: 1 sent\.$/m);
  expect(await bodiesOn('back')).toEqual([body]);
});

// SQS confirms a message whose deduplication id it saw within 5 minutes, and drops it: the dead letter would be lost.
test('brings a dead letter back to the FIFO queue that has just had it', async () => {
  const [dead, main] = [await queue('dead.fifo'), await queue('main.fifo')];
  const body = attempt('d', 1);
  const id = await put(main, body, { MessageDeduplicationId: 'first' });
  await sqs.purge(main);
  await put(main, attempt('d', 2), { MessageDeduplicationId: id });
  await put(dead, body, { MessageDeduplicationId: id });
  expect(await run(dead, 'dead-letters', main)).toMatch(/^1 looked at: 1 sent\.$/m);
  expect(await bodiesOn('main.fifo')).toContain(body);
});
