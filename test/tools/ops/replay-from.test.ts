import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { deliver } from '../../support/delivering.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { awsError } from '../../support/fault.ts';
import { runProgram, startProgram } from '../../support/program.ts';
import { lying, setAside, sqsClient } from '../../support/quarantine.ts';
import { veriffSample } from '../../support/samples.ts';
import { SECRET, sampleWith } from '../../support/webhook.ts';

const OLD = 'statuses-of-before';
const NOT_JSON = 'no JSON, but the name Jane Doe';

let stack: LocalStack;
let healthy: Door;
let old: string;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET });
  healthy = await openDoor(stack);
  const { main } = stack.queues;
  const url = main.url.replace(main.name, OLD);
  const arn = main.arn.replace(main.name, OLD);
  await stack.sqs.createQueue({
    name: OLD,
    url,
    arn,
    attributes: {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: stack.queues.deadLetter.arn, maxReceiveCount: 5 }),
    },
  });
  old = url;
});
beforeEach(async () => {
  for (const { url } of [stack.queues.main, stack.queues.quarantine, stack.queues.deadLetter]) {
    await stack.sqs.purge(url);
  }
  await stack.sqs.purge(old);
});
afterAll(async () => {
  await healthy.stop();
  await stack.stop();
});

const replay = (...args: string[]) => runProgram('replay.ts', ['--local', '--port', healthy.port, ...args]);
const main = async () => (await lying(stack, 'main')).ready;

async function onOld() {
  const { messages } = await stack.sqs.inspect(OLD);
  return { ready: messages.ready.map(({ body }) => body), hidden: messages.inflight.length };
}

/** Puts a message on the old queue as another one has it, `more` attributes included. */
async function copyToOld(
  { body, attributes }: { body: string; attributes: Record<string, string | undefined> },
  more: Record<string, string> = {},
  QueueUrl = old,
) {
  const all = Object.entries({ ...attributes, ...more });
  await sqsClient(stack).send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        all.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    }),
  );
}

/** An accepted delivery, taken off the main queue again. */
async function accepted(body: string = veriffSample.body) {
  await deliver(stack.url, { body });
  const [message] = await main();
  if (message === undefined) throw new Error('expected an accepted message, got none');
  await stack.sqs.purge(stack.queues.main.url);
  return message;
}

test('moves what was accepted to the main queue as it is, attributes of another day included', async () => {
  const message = await accepted();
  await copyToOld(message, { ofAnotherDay: 'kept' });
  const { code, stdout } = await replay('--from', old, '--apply');
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 looked at: 1 sent.')]);
  expect(await main()).toEqual([
    { body: message.body, attributes: { ...message.attributes, ofAnotherDay: 'kept' } },
  ]);
  expect(await onOld()).toEqual({ ready: [], hidden: 0 });
});

test.each([[], ['--dry-run']])(
  'changes nothing with %s, tells what lies there and what a look costs',
  async (...args) => {
    const message = await accepted();
    await copyToOld(message);
    const { stdout } = await replay('--from', old, ...args);
    expect(stdout).toContain(`event ${message.attributes.eventId}`);
    expect(stdout).toContain(`1 on ${OLD}: 1 ${args.length === 0 ? 'accepted' : 'would be sent'}.`);
    expect(stdout).toContain('after 5, SQS moves a message');
    expect([await onOld(), await main()]).toEqual([{ ready: [message.body], hidden: 0 }, []]);
  },
);

test("checks what an old quarantine holds: events go to subscribers, the rest to the stack's quarantine as it is", async () => {
  await setAside(stack, veriffSample.body);
  await setAside(stack, NOT_JSON);
  const before = (await lying(stack, 'quarantine')).ready;
  await stack.sqs.purge(stack.queues.quarantine.url);
  for (const message of before) await copyToOld(message);
  const { code, stdout } = await replay('--from', old, '--apply');
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 sent to quarantine')]);
  expect(await main()).toMatchObject([{ body: veriffSample.body }]);
  const left = before.filter(({ body }) => body === NOT_JSON);
  expect((await lying(stack, 'quarantine')).ready).toEqual(left);
  expect(await onOld()).toEqual({ ready: [], hidden: 0 });
  expect(stdout).not.toContain('Jane Doe');
});

test.each([
  ['other attributes', '{"order":1}', { eventId: 'of another program' }],
  ['another reason', '{"order":1}', { reason: 'timeout' }],
  ['an event that nobody verified', veriffSample.body, {}],
])('leaves alone what no receiver put there: %s', async (_what, body, attributes) => {
  await copyToOld({ body, attributes });
  const { code, stdout } = await replay('--from', old, '--apply');
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('1 looked at: 1 not put there by a receiver that this checkout knows.'),
  ]);
  expect(await onOld()).toEqual({ ready: [body], hidden: 0 });
  expect([await main(), (await lying(stack, 'quarantine')).ready]).toEqual([[], []]);
});

test('loses nothing when killed between sending and removing', async () => {
  await copyToOld(await accepted());
  const door = await openDoor(stack, (_, { action }) =>
    action === 'DeleteMessageBatch' ? 'stall' : undefined,
  );
  onTestFinished(async () => void (await door.stop()));
  const { child, ended } = startProgram('replay.ts', [
    '--local',
    '--port',
    door.port,
    '--from',
    old,
    '--apply',
  ]);
  await vi.waitFor(() => expect(door.actions()).toContain('DeleteMessageBatch'), { timeout: 40_000 });
  child.kill('SIGKILL');
  await ended;
  expect([(await main()).length, await onOld()]).toEqual([1, { ready: [], hidden: 1 }]);
});

test('moves dead letters back to the main queue as they are', async () => {
  const message = await accepted();
  await copyToOld(message, {}, stack.queues.deadLetter.url);
  const listed = await replay('--dead-letters');
  expect(listed.stdout).toContain(`1 in the dead-letter queue: 1 accepted.`);
  const { code, stdout } = await replay('--dead-letters', '--apply');
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 looked at: 1 sent.')]);
  expect([await main(), (await lying(stack, 'deadLetter')).ready]).toEqual([[message], []]);
});

test('keeps a dead letter whose event another version of the contract accepted', async () => {
  const message = await accepted();
  const body = sampleWith((payload) => {
    Object.assign(payload, { attemptId: 7 });
  });
  await copyToOld({ ...message, body }, {}, stack.queues.deadLetter.url);
  await replay('--dead-letters', '--apply');
  expect(await main()).toMatchObject([{ body }]);
});

test.each<[string, () => string[], string]>([
  ["the stack's main queue", () => [stack.queues.main.url], 'expected an old queue, got one that'],
  ["the stack's dead-letter queue", () => [stack.queues.deadLetter.url], 'give --dead-letters instead'],
  ["the stack's quarantine queue", () => [stack.queues.quarantine.url], 'leave --from out'],
  ['a queue that is not there', () => [`${old}x`], `expected the queue http`],
  [
    'a queue in another Region',
    () => ['https://sqs.ap-south-1.amazonaws.com/123456789012/old'],
    'expected a queue in us-east-1',
  ],
  [
    'the name of a queue',
    () => ['old'],
    '--from: expected the URL of a queue as "aws sqs list-queues" prints it',
  ],
  ['two queues', () => [old, '--dead-letters'], 'expected --dead-letters or --from, got both'],
])('refuses %s in one sentence', async (_what, args, message) => {
  const { code, stderr } = await replay('--from', ...args());
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('says which permissions the account of a queue must give', async () => {
  const door = await openDoor(stack, (_, { action }) =>
    action === 'GetQueueAttributes' ? awsError(403, 'com.amazonaws.sqs#AccessDenied', 'No.') : undefined,
  );
  onTestFinished(async () => void (await door.stop()));
  const { code, stderr } = await runProgram('replay.ts', ['--local', '--port', door.port, '--from', old]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/its account \d{12} must allow sqs:Get/)]);
});
