import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { readPayload } from '../../../contract/event.ts';
import { eventId } from '../../../contract/message.ts';
import { PROBE_EVENT_TYPE } from '../../../functions/receiver/own-tools.ts';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { deliver } from '../../support/delivering.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { runProgram } from '../../support/program.ts';
import { lying, RECEIVED_AT, setAside } from '../../support/quarantine.ts';
import { unfamiliarSample, veriffSample } from '../../support/samples.ts';
import { SECRET, sampleWith } from '../../support/webhook.ts';

let stack: LocalStack;
let door: Door;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET });
  door = await openDoor(stack);
});
afterEach(async () => {
  for (const { url } of [stack.queues.main, stack.queues.quarantine]) await stack.sqs.purge(url);
});
afterAll(async () => {
  await door.stop();
  await stack.stop();
});

const replay = (...args: string[]) => runProgram('replay.ts', ['--local', '--port', door.port, ...args]);

const NOT_JSON = 'no JSON, but the name Jane Doe';

test('lists when, why and what, and repeats nothing of a body', async () => {
  await setAside(stack, veriffSample.body);
  const { code, stdout, stderr } = await replay();
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^2026-11-20T10:00:00.123Z {2}invalid-event {2}user-status.created {2}integration api-key$/m,
  );
  expect(stdout).toMatch(/^ {4}data.verification.id: missing$/m);
  expect(stdout).toContain('1 in quarantine: 1 invalid-event.');
  for (const value of ['0b10cb53', 'Looks like velocity abuse', 'suspicious', 'a1c68aea']) {
    expect(stdout + stderr).not.toContain(value);
  }
});

test('says when SQS deletes the oldest', async () => {
  await setAside(stack, NOT_JSON);
  const inTwoWeeks = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
  expect((await replay()).stdout).toContain(`SQS deletes the oldest at ${inTwoWeeks}`);
});

test("leaves a doctor's probe alone: nobody's event, and a doctor may be waiting for it", async () => {
  await setAside(stack, '{}', { reason: 'unfamiliar-event-type', eventType: PROBE_EVENT_TYPE });
  for (const action of [[], ['--apply']]) {
    expect((await replay(...action)).stdout).toContain(
      'Probes of a doctor that may still run: 1, left alone.',
    );
  }
  expect((await lying(stack, 'quarantine')).ready).toHaveLength(1);
});

test('prints the bodies when asked to, steering no terminal', async () => {
  await setAside(stack, Buffer.from('Jane\u001b[2J\u202eDoe'));
  const { stdout } = await replay('--show');
  expect(stdout).toContain('Jane\\u{1b}[2J\\u{202e}Doe');
});

test('says so when nothing is there', async () => {
  expect(await replay()).toMatchObject({ code: 0, stdout: 'Nothing to see in quarantine.\n' });
});

test.each(['without an option', '--dry-run'])('changes nothing %s', async (option) => {
  const args = option.startsWith('--') ? [option] : [];
  await setAside(stack, veriffSample.body);
  await setAside(stack, NOT_JSON);
  const before = await lying(stack, 'quarantine');
  await replay(...args);
  expect(await lying(stack, 'quarantine')).toEqual(before);
  expect(before.hidden).toEqual([]);
  expect((await lying(stack, 'main')).ready).toEqual([]);
});

test('tells with --dry-run what would be sent, and what is wrong with the others today', async () => {
  await setAside(stack, veriffSample.body);
  await setAside(stack, NOT_JSON);
  const { code, stdout } = await replay('--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain(`would be sent: event ${idOf(veriffSample.body)}`);
  expect(stdout).toContain('not valid: payload: expected JSON, got other text');
  expect(stdout).toContain('2 in quarantine: 1 would be sent, 1 not valid.');
  expect(stdout).not.toContain('Jane Doe');
});

test('sends with --apply what the receiver would have sent, the time it was received included', async () => {
  await deliver(stack.url, { headers: { 'x-auth-client': 'api-key' } });
  const [accepted] = (await lying(stack, 'main')).ready;
  await stack.sqs.purge(stack.queues.main.url);

  await setAside(stack, veriffSample.body);
  const { code, stdout } = await replay('--apply');
  const [replayed] = (await lying(stack, 'main')).ready;
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 looked at: 1 sent.')]);
  expect(replayed).toEqual({
    body: accepted?.body,
    attributes: {
      ...accepted?.attributes,
      integration: 'api-key',
      receivedAt: RECEIVED_AT.toISOString(),
    },
  });
});

test('moves only what is valid now, and shows the rest to others again', async () => {
  await setAside(stack, NOT_JSON);
  await setAside(stack, veriffSample.body);
  await setAside(stack, unfamiliarSample.body);
  expect((await replay('--apply')).stdout).toContain('3 looked at: 2 not valid, 1 sent.');
  expect((await lying(stack, 'main')).ready).toHaveLength(1);
  const left = await lying(stack, 'quarantine');
  expect(left.hidden).toEqual([]);
  expect(left.ready.map(({ body }) => body).sort()).toEqual([NOT_JSON, unfamiliarSample.body].sort());
});

test('decodes a body that was kept as a data URL', async () => {
  const body = sampleWith(({ data }) => {
    data.verification.userDefinedData.reason = 'a \uffff in it';
  });
  await setAside(stack, body);
  expect((await lying(stack, 'quarantine')).ready[0]?.attributes.bodyEncoding).toBe('data-url');
  await replay('--apply');
  const [replayed] = (await lying(stack, 'main')).ready;
  expect(replayed?.body).toBe(body.replace('\uffff', '\\uFFFF'));
  expect(replayed?.attributes.eventId).toBe(idOf(body));
});

test('moves every one of many, each once', async () => {
  const bodies = Array.from({ length: 250 }, (_, index) =>
    sampleWith((payload) => {
      payload.sessionId = `session-${index}`;
    }),
  );
  await Promise.all(bodies.map((body, index) => setAside(stack, index % 5 === 0 ? `${index}: none` : body)));
  const { code, stdout } = await replay('--apply');
  expect([code, stdout.trimEnd().split('\n').at(-2)]).toEqual([
    0,
    expect.stringMatching(/^250 looked at: (200 sent, 50 not valid|50 not valid, 200 sent)\.$/),
  ]);
  const sent = (await lying(stack, 'main')).ready.map(({ attributes }) => attributes.eventId);
  expect(new Set(sent)).toEqual(new Set(bodies.filter((_, index) => index % 5 !== 0).map(idOf)));
  expect(sent).toHaveLength(200);
  const left = await lying(stack, 'quarantine');
  expect([left.ready.length, left.hidden.length]).toEqual([50, 0]);
});

test.each<[string, string[], string]>([
  ['no stack', [], 'expected --stack or --local, got neither'],
  ['two stacks', ['--local', '--stack', 'a'], 'expected --stack or --local, got both'],
  ['a port of a stack in AWS', ['--stack', 'a', '--port', '3100'], 'expected --stack or --local, got both'],
  ['a port where no stack is, without --local', ['--port', '1'], 'stack at http://127.0.0.1:1/'],
  ['two actions', ['--local', '--apply', '--dry-run'], 'expected --dry-run or --apply, got both'],
  ['a port that is none', ['--local', '--port', 'x'], '--port: expected a number from 1 to 65535, got "x"'],
  [
    'a stack without a name',
    ['--stack', ''],
    '--stack: expected the name of a stack, or NAME/RECEIVER, got ""',
  ],
  ['a port where no stack is', ['--local', '--port', '1'], 'expected the local stack at http://127.0.0.1:1'],
])('refuses %s in one sentence', async (_what, args, message) => {
  const { code, stderr } = await runProgram('replay.ts', args);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('explains itself with --help', async () => {
  const { code, stdout } = await runProgram('replay.ts', ['--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('npm run replay -- --stack veriff-status-receiver-prod --dry-run');
});

function idOf(body: string): string {
  const payload = readPayload(body);
  if (!payload.ok) throw new Error(payload.unusable.problems.join());
  return eventId(payload.event);
}
