import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { expect, inject, onTestFinished, test } from 'vitest';
import { TOOLS_USER_AGENT } from '../../../functions/receiver/own-tools.ts';
import { fingerprint } from '../../../functions/receiver/secret-value.ts';
import { type LocalStackOptions, startLocalStack } from '../../../tools/local/stack.ts';
import { buildDelivery, post } from '../../../tools/ops/delivery.ts';
import { deliver } from '../../support/delivering.ts';
import { openDoor } from '../../support/door.ts';
import { runProgram, startProgram } from '../../support/program.ts';
import { lying, setAside, sqsClient } from '../../support/quarantine.ts';
import { veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

async function start(options: LocalStackOptions = {}) {
  const stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET, ...options });
  onTestFinished(() => stack.stop());
  const doctor = async () => {
    const { code, stdout, stderr } = await runProgram('doctor.ts', [
      '--local',
      '--port',
      new URL(stack.url).port,
    ]);
    return { code, faults: stdout.match(/^✗ .*$/gm) ?? [], stdout, stderr };
  };
  return { stack, doctor };
}

test('finds a healthy stack healthy, exits with 0, and leaves nothing behind', async () => {
  const outcomes: string[] = [];
  const { stack, doctor } = await start({ onDelivery: ({ outcome }) => outcomes.push(outcome) });
  expect((await deliver(stack.url)).status).toBe(200);
  const { code, faults, stdout } = await doctor();
  expect([code, faults]).toEqual([0, []]);
  expect(outcomes).toEqual(expect.arrayContaining(['accepted', 'probed']));
  for (const check of [
    'Stack',
    'Secret',
    'Webhook',
    'Clock',
    'Queue',
    'Quarantine',
    'Dead letters',
    'Deliveries',
    'Probe',
  ]) {
    expect(stdout).toMatch(new RegExp(`^✓ ${check}\\b`, 'm'));
  }
  expect(stdout).toContain('– Alarms: not checked: alarms exist only in AWS');
  expect(stdout).not.toContain(SECRET);
  expect((await lying(stack, 'main')).ready).toHaveLength(1);
  expect(await lying(stack, 'quarantine')).toEqual({ ready: [], hidden: [] });
});

test('judges the secret by no delivery of the tools: one that was altered on purpose is no fault', async () => {
  const { stack, doctor } = await start();
  const altered = buildDelivery(Uint8Array.from(Buffer.from(veriffSample.body)), {
    secret: SECRET,
    tamper: true,
  });
  expect((await post(new URL(stack.url), altered)).status).toBe(401);
  const { code, faults, stdout } = await doctor();
  expect([code, faults]).toEqual([0, []]);
  expect(stdout).toContain('– Deliveries: none yet');
});

test('says of what it sends that it is of the tools', async () => {
  const agents = new Map<string, string | undefined>();
  const { doctor } = await start({
    onDelivery: ({ outcome, event }) => agents.set(outcome, event?.headers['user-agent']),
  });
  await doctor();
  expect(Object.fromEntries(agents)).toEqual({ probed: TOOLS_USER_AGENT, refused: TOOLS_USER_AGENT });
});

test('names the placeholder, and does not blame what needs the secret', async () => {
  const { doctor } = await start({ secret: null });
  const { code, faults, stdout } = await doctor();
  expect(code).toBe(1);
  expect(faults).toEqual([
    expect.stringMatching(
      /^✗ Secret: The secret is still the placeholder\..*npm run secret -- --local --port \d+/,
    ),
  ]);
  expect(stdout).toContain('– Deliveries and probe: not checked');
});

test('names the keys and their fingerprints, those of the previous version as well', async () => {
  const { stack, doctor } = await start();
  const key = 'the-key-of-the-integration-test';
  stack.secrets.put(stack.secretName, { SecretString: JSON.stringify({ test: key }) });
  const { stdout } = await doctor();
  expect(stdout).toMatch(
    new RegExp(
      `^✓ Secret: 1 key for test \\(${fingerprint(key)}\\), stored \\S+; until \\S+ also 1 key \\(${fingerprint(SECRET)}\\) of the previous version$`,
      'm',
    ),
  );
  expect(stdout).not.toContain(key);
});

test('names a secret that is scheduled for deletion, and how to restore it', async () => {
  const { stack, doctor } = await start();
  stack.secrets.scheduleDeletion(stack.secretName);
  const { faults } = await doctor();
  expect(faults).toEqual([
    `✗ Secret: ${stack.secretName} is scheduled for deletion; restore it with "aws secretsmanager restore-secret --secret-id '${stack.secretName}'"`,
  ]);
});

test('names a secret that is cut off, without repeating it', async () => {
  const { doctor } = await start({ secret: 'abcdef12' });
  const { faults, stdout } = await doctor();
  expect(faults[0]).toContain('The key has 8 characters, but a key has 16 at least.');
  expect(stdout).not.toContain('abcdef12');
});

test('names a stored secret that is not the one the sender signs with', async () => {
  const { stack, doctor } = await start();
  expect((await deliver(stack.url, { secret: 'the-key-that-the-sender-has' })).status).toBe(401);
  const { code, faults } = await doctor();
  expect([code, faults]).toEqual([
    1,
    [
      expect.stringMatching(
        /^✗ Deliveries: .*does not match the stored secret \(none was right yet\); compare/,
      ),
    ],
  ]);
});

test('takes a secret for right when a delivery was accepted since the last that did not match', async () => {
  const { stack, doctor } = await start();
  await deliver(stack.url, { secret: 'of-a-forger-who-guesses' });
  await deliver(stack.url);
  expect((await doctor()).faults).toEqual([]);
});

test.each([
  ['main', 'Queue'],
  ['quarantine', 'Quarantine'],
  ['deadLetter', 'Dead letters'],
] as const)('names a missing queue: %s', async (queue, name) => {
  const { stack, doctor } = await start();
  const { url } = stack.queues[queue];
  await sqsClient(stack).send(new DeleteQueueCommand({ QueueUrl: url }));
  const { code, faults } = await doctor();
  expect([code, faults]).toEqual([
    1,
    [
      expect.stringContaining(
        `✗ ${name}: expected ${url}, got no such queue; it was deleted: end "npm start"`,
      ),
    ],
  ]);
});

test('names what lies in quarantine, finds its probe among it, and hides nothing', async () => {
  const { stack, doctor } = await start();
  for (let count = 0; count < 25; count += 1) await setAside(stack, `${count}: ${veriffSample.body}`);
  const { code, faults } = await doctor();
  expect([code, faults]).toEqual([
    1,
    [expect.stringMatching(/^✗ Quarantine: about 25 set aside; look at it with "npm run replay -- --local/)],
  ]);
  const left = await lying(stack, 'quarantine');
  expect([left.ready.length, left.hidden]).toEqual([25, []]);
});

test('hides nothing when Ctrl-C comes while it waits for its probe', async () => {
  const outcomes: string[] = [];
  const { stack } = await start({ onDelivery: ({ outcome }) => outcomes.push(outcome) });
  await setAside(stack, veriffSample.body);
  const door = await openDoor(stack, (_, { action }) => (action === 'ReceiveMessage' ? 'slow' : undefined));
  onTestFinished(async () => void (await door.stop()));
  const { child, ended } = startProgram('doctor.ts', ['--local', '--port', door.port]);
  await expect.poll(() => door.actions()).toContain('ReceiveMessage');
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect([code, stdout]).toEqual([130, expect.stringContaining('Interrupted')]);
  const { ready, hidden } = await lying(stack, 'quarantine');
  expect([ready.map(({ body }) => body), hidden]).toEqual([[veriffSample.body], []]);
  expect(outcomes).toEqual(['refused']);
});

test('sends no probe that it could not take away again', async () => {
  const outcomes: string[] = [];
  const { stack } = await start({ onDelivery: ({ outcome }) => outcomes.push(outcome) });
  const door = await openDoor(stack, (_, { action }) => (action === 'ReceiveMessage' ? 'deny' : undefined));
  onTestFinished(async () => void (await door.stop()));
  const { code, stdout } = await runProgram('doctor.ts', ['--local', '--port', door.port]);
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^✗ Probe: could not be checked: .*AccessDenied/m),
  ]);
  expect(outcomes).toEqual(['refused']);
});

test('names a function that does not run', async () => {
  const { stack, doctor } = await start();
  await stack.function.stop();
  const { code, faults } = await doctor();
  expect([code, faults]).toEqual([
    1,
    [
      expect.stringMatching(
        /^✗ Webhook .*answers 500 .*the function does not run; see docs\/runbook.md#the-function-fails/,
      ),
    ],
  ]);
});

test('names a stack that does not run', async () => {
  const { code, stdout } = await runProgram('doctor.ts', ['--local', '--port', '1']);
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^✗ Stack: .*start it with "npm start".*\n\n1 fault\.\n$/),
  ]);
});
