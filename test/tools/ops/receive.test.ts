import { afterAll, afterEach, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { deliver } from '../../support/delivering.ts';
import { openDoor } from '../../support/door.ts';
import { runProgram, startProgram } from '../../support/program.ts';
import { lying } from '../../support/quarantine.ts';
import { SECRET, sampleWith } from '../../support/webhook.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET });
});
afterEach(() => stack.sqs.purge(stack.queues.main.url));
afterAll(() => stack.stop());

const receive = (...args: string[]) =>
  runProgram('receive.ts', ['--local', '--port', new URL(stack.url).port, ...args]);

async function deliverMany(count: number) {
  for (let index = 0; index < count; index += 1) {
    const body = sampleWith((payload) => {
      payload.sessionId = `session-${index}`;
    });
    await deliver(stack.url, { body });
  }
}

const counts = async () => {
  const { ready, hidden } = await lying(stack, 'main');
  return [ready.length, hidden.length];
};

test('prints the attributes and the formatted body, and gives the message back', async () => {
  const { text } = await deliver(stack.url);
  const { code, stdout, stderr } = await receive();
  expect(code).toBe(0);
  expect(stdout).toContain(`  eventId      ${JSON.parse(text).eventId}\n`);
  expect(stdout).toMatch(/^ {2}"eventType": "user-status\.created",$/m);
  expect(stderr).toMatch(/^1 given back to the queue/);
  expect(await counts()).toEqual([1, 0]);
});

test('deletes what it printed with --delete', async () => {
  await deliverMany(2);
  const { stdout, stderr } = await receive('--delete');
  expect([stdout.match(/^Message /gm)?.length, stderr]).toEqual([1, '1 deleted.\n']);
  expect(await counts()).toEqual([1, 0]);
});

test('receives up to --count messages, each once', async () => {
  await deliverMany(12);
  const { stdout } = await receive('--count', '12');
  expect(new Set(stdout.match(/^Message \S+/gm)).size).toBe(12);
  expect(await counts()).toEqual([12, 0]);
});

test('says what puts an event on an empty queue', async () => {
  const { code, stdout, stderr } = await receive('--count', '5');
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toContain(`"npm run send -- --local --port ${new URL(stack.url).port}"`);
});

test('prints a body that is no JSON as it is, steering no terminal', async () => {
  await stack.sqs.call('SendMessage', {
    QueueUrl: stack.queues.main.url,
    MessageBody: 'no JSON\n\u202eDoe',
    MessageAttributes: { note: { DataType: 'String', StringValue: 'a\nb' } },
  });
  const { stdout } = await receive();
  expect(stdout).toContain('\nno JSON\n\\u{202e}Doe\n');
  expect(stdout).toMatch(/^ {2}note +a\\nb$/m);
});

test('deletes nothing that nobody read', async () => {
  await deliverMany(2);
  const door = await openDoor(stack, (_, { action }) => (action === 'ReceiveMessage' ? 'slow' : undefined));
  onTestFinished(async () => void (await door.stop()));
  const { child, ended } = startProgram('receive.ts', ['--local', '--port', door.port, '--delete']);
  child.stdout.destroy();
  await ended.catch(() => {});
  await expect.poll(() => child.exitCode).toBe(0);
  expect(door.actions().filter((action) => action.startsWith('Delete'))).toEqual([]);
  expect(await counts()).toEqual([2, 0]);
});

test('says how many it could not give back', async () => {
  await deliverMany(1);
  const door = await openDoor(stack, (_, { action }) =>
    action === 'ChangeMessageVisibilityBatch' ? 'deny' : undefined,
  );
  onTestFinished(async () => void (await door.stop()));
  const { stderr } = await startProgram('receive.ts', ['--local', '--port', door.port]).ended;
  expect(stderr).toMatch(/^1 could not be shown again at once; .*\n$/);
});

test('gives back at Ctrl-C what it received', async () => {
  await deliverMany(2);
  const door = await openDoor(stack, (_, { action }) => (action === 'ReceiveMessage' ? 'slow' : undefined));
  onTestFinished(async () => void (await door.stop()));
  const { child, ended } = startProgram('receive.ts', ['--local', '--port', door.port, '--count', '2']);
  await expect.poll(() => door.actions()).toContain('ReceiveMessage');
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([130, expect.stringMatching(/^2 given back to the queue/)]);
  expect(await counts()).toEqual([2, 0]);
});

test('names a queue that is gone, and what brings it back', async () => {
  const other = await startLocalStack({ assemblyDir: inject('assemblyDir') });
  onTestFinished(() => other.stop());
  const { url } = other.queues.main;
  await other.sqs.call('DeleteQueue', { QueueUrl: url });
  const { code, stderr } = await runProgram('receive.ts', ['--port', new URL(other.url).port]);
  expect([code, stderr]).toEqual([
    1,
    `expected the queue ${url}, got none; end "npm start" and start it again\n`,
  ]);
});
