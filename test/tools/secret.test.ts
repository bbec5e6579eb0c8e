import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { runProgram } from '../support/program.ts';
import { webhook } from '../support/webhook.ts';

const OLD = 'the-old-key-of-the-integration';
const NEW = 'the-new-key-of-the-integration';
const MAP = '{"api-key-1":"the-key-of-integration-1","api-key-2":"the-key-of-integration-2"}';

let stack: LocalStack;
beforeEach(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: OLD });
});
afterEach(() => stack.stop());

/** Runs the program with this on standard input. */
const secret = (input: string, ...args: string[]) =>
  runProgram('secret.ts', ['--local', '--port', new URL(stack.url).port, ...args], {}, input);

const stored = (stage = 'AWSCURRENT') => stack.secrets.get(stack.secretName, { stage }).value;

async function deliver(key: string) {
  const { body, headers } = webhook({ secret: key });
  return (await fetch(stack.url, { method: 'POST', headers, body: Buffer.from(body) })).status;
}

test('stores what comes through a pipe, without the newline that a file adds', async () => {
  expect((await secret(`${NEW}\n`)).code).toBe(0);
  expect(stored()).toEqual({ SecretString: NEW });
  expect([await deliver(NEW), await deliver(OLD)]).toEqual([200, 200]);
});

test('stores a map from integration to key', async () => {
  expect((await secret(MAP)).code).toBe(0);
  expect(stored()).toEqual({ SecretString: MAP });
});

test('shows both versions, and until when the previous one works, and never a value', async () => {
  const { stdout, stderr } = await secret(NEW);
  const { createdAt, versionId } = stack.secrets.get(stack.secretName);
  const until = new Date(createdAt + 24 * 3_600_000).toISOString();
  expect(stdout).toMatch(new RegExp(`^AWSCURRENT .*${versionId}  in use$`, 'm'));
  expect(stdout).toMatch(new RegExp(`^AWSPREVIOUS .*works until ${until}$`, 'm'));
  expect(stdout + stderr).not.toMatch(/the-(old|new)-key/);
});

test('only looks with --status', async () => {
  const before = stack.secrets.describe(stack.secretName);
  const { code, stdout } = await secret('', '--status');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^AWSPREVIOUS .*opens nothing: it is the placeholder/m);
  expect(stack.secrets.describe(stack.secretName)).toEqual(before);
});

test('says that a previous version no longer works once the grace period is over', async () => {
  stack.secrets.put(stack.secretName, { SecretString: NEW });
  stack.secrets.backdate(stack.secretName, 'AWSCURRENT', 25 * 3_600_000);
  expect((await secret('', '--status')).stdout).toMatch(/^AWSPREVIOUS .*no longer works$/m);
});

test.each([
  ['nothing', '\n', 'fewer than 16 characters'],
  ['the placeholder', '{"placeholder":"0123456789abcdef0123"}', 'still the placeholder'],
  ['the placeholder among keys', `{"placeholder":"${NEW}","api-key":"${NEW}"}`, 'leave that entry out'],
  ['a key that is cut off', 'abcdef12', 'fewer than 16 characters'],
  ['a map with a key that is cut off', `{"one":"${NEW}","two":"short"}`, '16 characters at least'],
  ['broken JSON', `{"one":"${NEW}"`, 'no JSON object'],
  ['two lines', `${NEW}\n${NEW}`, 'without spaces, lines or quotation marks'],
  ['a key in quotation marks', `"${NEW}"`, 'without spaces, lines or quotation marks'],
  [
    'the current key, which would push out the previous one',
    ` ${OLD}\n`,
    'expected another secret than the current one',
  ],
])('refuses %s and stores nothing', async (_what, input, said) => {
  const before = stack.secrets.describe(stack.secretName);
  const { code, stdout, stderr } = await secret(input);
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(said)]);
  expect(stderr).not.toMatch(/the-(old|new)-key|abcdef12|short/);
  expect(stack.secrets.describe(stack.secretName)).toEqual(before);
});

test('takes no key as an argument, and does not repeat it', async () => {
  const { code, stderr } = await secret('', NEW);
  expect([code, stderr]).toEqual([1, expect.stringContaining('expected no key as an argument, got one')]);
  expect(stderr).not.toContain(NEW);
});
