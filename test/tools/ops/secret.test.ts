import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { fingerprint } from '../../../functions/receiver/secret-value.ts';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { deliver } from '../../support/delivering.ts';
import { runProgram } from '../../support/program.ts';

const OLD = 'the-old-key-of-the-integration';
const NEW = 'the-new-key-of-the-integration';
const NEWEST = 'the-newest-key-of-the-integration';
const NAMED = JSON.stringify({ live: OLD, test: NEW });

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir') });
});
afterAll(() => stack.stop());

/** Puts one after the other into a fresh secret, after the placeholder. */
async function store(...values: string[]) {
  const [{ arn } = { arn: '' }] = stack.secrets.list();
  stack.secrets.remove(stack.secretName);
  stack.secrets.create(stack.secretName, arn, { SecretString: '{"placeholder":"0123456789abcdef0123"}' });
  for (const SecretString of values) stack.secrets.put(stack.secretName, { SecretString });
  await stack.function.recycle();
}
beforeEach(() => store(OLD));

/** Runs the program with this on standard input. */
const secret = (input: string, ...args: string[]) =>
  runProgram('secret.ts', ['--local', '--port', new URL(stack.url).port, ...args], {}, input);

const stored = (stage = 'AWSCURRENT') => stack.secrets.get(stack.secretName, { stage }).value;
const labels = () => Object.keys(stack.secrets.list()[0]?.labels ?? {}).sort();

const statusOf = async (key: string) => (await deliver(stack.url, { secret: key })).status;

test('stores what comes through a pipe, without the newline that a file adds', async () => {
  expect((await secret(`${NEW}\n`)).code).toBe(0);
  expect(stored()).toEqual({ SecretString: NEW });
  expect([await statusOf(NEW), await statusOf(OLD)]).toEqual([200, 200]);
});

test('stores several keys by their names', async () => {
  expect((await secret(NAMED)).code).toBe(0);
  expect(stored()).toEqual({ SecretString: NAMED });
});

test('says in words what it will store, and what was stored, and never a key', async () => {
  const { stdout, stderr } = await secret(NEW, '--add', '--integration', 'live');
  expect(stdout).toContain(
    `will hold 1 key without a name (${fingerprint(OLD)}), 1 key for live (${fingerprint(NEW)}); was: 1 key (${fingerprint(OLD)}).\n`,
  );
  expect(stdout + stderr).not.toMatch(/the-(old|new)-key/);
});

test('shows the keys of both versions, since when and until when they work', async () => {
  const { stdout } = await secret(NEW);
  const { createdAt, versionId } = stack.secrets.get(stack.secretName);
  const until = new Date(createdAt + 24 * 3_600_000).toISOString();
  expect(stdout).toMatch(
    new RegExp(`^AWSCURRENT   stored \\S+  ${versionId}  in use\n  ${fingerprint(NEW)}  \\(no name\\)$`, 'm'),
  );
  expect(stdout).toMatch(
    new RegExp(`^AWSPREVIOUS  stored .*works until ${until}\n  ${fingerprint(OLD)}  \\(no name\\)$`, 'm'),
  );
});

test.each([[], ['--status']])('says what to do when the secret was deleted: %s', async (...args) => {
  const { arn } = stack.secrets.describe(stack.secretName);
  stack.secrets.remove(stack.secretName);
  const { code, stdout, stderr } = await secret(NEW, ...args);
  stack.secrets.create(stack.secretName, arn, { SecretString: OLD });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(
    'got none, so somebody deleted it; if it is the stack\'s, end "npm start" and start it again',
  );
});

test('only looks with --status', async () => {
  const before = stack.secrets.list();
  const { code, stdout } = await secret('', '--status');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^AWSPREVIOUS .*opens nothing: The secret is still the placeholder/m);
  expect(stack.secrets.list()).toEqual(before);
});

test('says that no key verifies deliveries while the current version cannot be used', async () => {
  await store('abcdef12');
  expect((await secret('', '--status')).stdout).toContain('No key verifies deliveries until AWSCURRENT');
});

test('says that a previous version no longer works once the grace period is over', async () => {
  await store(OLD, NEW);
  for (const stage of ['AWSCURRENT', 'AWSPREVIOUS']) {
    stack.secrets.backdate(stack.secretName, stage, 25 * 3_600_000);
  }
  expect((await secret('', '--status')).stdout).toMatch(/^AWSPREVIOUS .*no longer works$/m);
});

test('rotates: both keys work after --add, and after --remove the old one does as a previous one', async () => {
  expect((await secret(NEW, '--add')).code).toBe(0);
  expect([await statusOf(NEW), await statusOf(OLD)]).toEqual([200, 200]);
  const { code, stdout } = await secret('', '--remove', fingerprint(OLD));
  expect([code, stored()]).toEqual([0, { SecretString: NEW }]);
  expect(stdout).toContain(`${fingerprint(OLD)} works on while AWSPREVIOUS does`);
  await stack.function.recycle();
  expect([await statusOf(NEW), await statusOf(OLD)]).toEqual([200, 200]);
});

test('does not say that a removed key works on where there is no grace period', async () => {
  const without = await startLocalStack({
    options: { previousSecretGraceHours: 0 },
    secret: `["${OLD}","${NEW}"]`,
  });
  const args = ['--port', new URL(without.url).port, '--remove', fingerprint(OLD)];
  const { code, stdout } = await runProgram('secret.ts', args);
  await without.stop();
  expect([code, stdout]).toEqual([0, expect.stringContaining(`ends ${fingerprint(OLD)} within 5 minutes`)]);
  expect(stdout).not.toContain('works on');
});

test('shows a name that somebody typed in the console on its line, with nothing that steers a terminal', async () => {
  await store(JSON.stringify({ 'b\nAWSCURRENT\u001b[31m': OLD }));
  const { stdout } = await secret('', '--status');
  expect(stdout).toContain(`${fingerprint(OLD)}  b\\nAWSCURRENT\\u{1b}[31m\n`);
});

test('ends a key with --revoke, out of both versions and without a trace', async () => {
  await store(OLD, JSON.stringify([OLD, NEW]));
  const { code, stdout } = await secret('', '--revoke', fingerprint(OLD).toUpperCase());
  expect([code, stored(), labels()]).toEqual([0, { SecretString: NEW }, ['AWSCURRENT']]);
  expect(stdout).toContain(`Every environment of the receiver ends ${fingerprint(OLD)} within 5 minutes`);
  await stack.function.recycle();
  expect([await statusOf(NEW), await statusOf(OLD)]).toEqual([200, 401]);
});

test('ends a key of the previous version, and leaves the others of it', async () => {
  await store(JSON.stringify([OLD, NEWEST]), NEW);
  expect((await secret('', '--revoke', fingerprint(OLD), '--yes')).code).toBe(0);
  expect([stored(), stored('AWSPREVIOUS')]).toEqual([{ SecretString: NEW }, { SecretString: NEWEST }]);
  await stack.function.recycle();
  expect([await statusOf(NEW), await statusOf(NEWEST), await statusOf(OLD)]).toEqual([200, 200, 401]);
});

test('revokes the only key when that is agreed to: Veriff is then told to send again', async () => {
  const refused = await secret('', '--revoke', fingerprint(OLD));
  expect([refused.code, refused.stderr, stored()]).toEqual([
    1,
    expect.stringContaining('expected --yes'),
    { SecretString: OLD },
  ]);
  expect(refused.stdout).toContain('No key remains: deliveries get 503 until you store another');
  expect((await secret('', '--revoke', fingerprint(OLD), '--yes')).code).toBe(0);
  await stack.function.recycle();
  expect([await statusOf(OLD), labels()]).toEqual([503, ['AWSCURRENT']]);
});

test('asks before a third key ends what only the previous version holds', async () => {
  await store(OLD, NEW);
  expect(await secret(NEWEST)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`1 key (${fingerprint(OLD)})`),
    stderr: expect.stringMatching(/expected --yes.*Nothing was stored\.\n$/),
  });
  expect((await secret(NEWEST, '--yes')).code).toBe(0);
  expect([stored(), stored('AWSPREVIOUS')]).toEqual([{ SecretString: NEWEST }, { SecretString: NEW }]);
});

test('takes --add to the placeholder for the first key', async () => {
  await store();
  const { code, stdout } = await secret(NEW, '--add');
  expect([code, stored()]).toEqual([0, { SecretString: NEW }]);
  expect(stdout).toContain(`will hold 1 key (${fingerprint(NEW)}); was: the placeholder.`);
});

test('replaces a value that cannot be used, and says that it was that', async () => {
  await store('abcdef12');
  const { code, stdout } = await secret(NEW);
  expect([code, stored()]).toEqual([0, { SecretString: NEW }]);
  expect(stdout).toContain("was: a value that can't be used: The key has 8 characters");
  expect(stdout).not.toContain('abcdef12');
});

test('does not touch a secret that is scheduled for deletion, and says how to restore it', async () => {
  stack.secrets.scheduleDeletion(stack.secretName);
  const { code, stdout, stderr } = await secret(NEW);
  expect([code, stdout, stderr]).toEqual([
    1,
    '',
    expect.stringContaining(
      `restore it with "aws secretsmanager restore-secret --secret-id '${stack.secretName}'"`,
    ),
  ]);
  expect(stderr).toContain('marked for deletion.). Nothing was stored.\n');
});

describe('refuses', () => {
  test.each<[string, string, string[], string]>([
    ['nothing', '\n', [], 'The secret is empty'],
    ['the placeholder', '{"placeholder":"0123456789abcdef0123"}', [], 'still the placeholder'],
    ['a key that is cut off', 'abcdef12', [], 'has 8 characters'],
    ['a key of several that is cut off', `{"one":"${NEW}","two":"short"}`, [], 'Key 2 of the secret has 5'],
    ['broken JSON', `{"one":"${NEW}"`, [], 'is not valid JSON'],
    ['two lines', `${NEW}\n${NEW}`, [], 'a line break'],
    ['a key in quotation marks', `"${NEW}"`, [], 'a quotation mark'],
    ['the current key, which would push out the previous one', ` ${OLD}\n`, [], 'got the same'],
    ['to add a key that is there', OLD, ['--add'], 'got one that is stored already'],
    [
      'a name that steers a terminal',
      JSON.stringify({ 'a\u001b[31m': NEW }),
      [],
      'expected a name of 1 to 100',
    ],
    ['names twice', NAMED, ['--integration', 'live'], 'got some with names'],
    ['to remove the only key', '', ['--remove', fingerprint(OLD)], 'expected a key to remain'],
    ['to revoke a key that is not there', '', ['--revoke', '01234567'], fingerprint(OLD)],
  ])('%s, and stores nothing', async (_what, input, args, said) => {
    const before = stack.secrets.list();
    const { code, stdout, stderr } = await secret(input, ...args);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(said)]);
    expect(stderr).toMatch(/Nothing was stored\.\n$/);
    expect(stderr).not.toMatch(/the-(old|new)-key|abcdef12|short/);
    expect(stack.secrets.list()).toEqual(before);
  });

  test.each<[string, string[], string]>([
    ['a key as an argument', [NEW], 'expected no key as an argument, got one'],
    ['a key as a fingerprint', ['--revoke', NEW], '--revoke: expected a fingerprint, 8 hex digits'],
    [
      'two things at once',
      ['--add', '--remove', '01234567'],
      'got --add and --remove; do one after the other',
    ],
    ['a name with what is no key', ['--revoke', '01234567', '--integration', 'x'], 'got it with --revoke'],
    ['a name with --status', ['--status', '--integration', 'x'], 'got it with --status; leave it out'],
    ['an empty name', ['--integration', ' '], '--integration: expected a name of 1 to 100'],
    ['a name that means another thing', ['--integration', 'placeholder'], 'other than "placeholder"'],
  ])('%s, and repeats no key', async (_what, args, said) => {
    const { code, stderr } = await secret('', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect(stderr).not.toContain(NEW);
  });
});
