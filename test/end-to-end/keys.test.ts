import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { fingerprint } from '../../functions/receiver/secret-value.ts';
import type { StagingLabel } from '../../functions/receiver/secret-version.ts';
import { delivering } from '../support/delivering.ts';
import { awsError, type ServiceAnswer } from '../support/fault.ts';
import { type FaultyStack, startFaultyStack } from '../support/faulty-stack.ts';
import { SECRET } from '../support/webhook.ts';

const OTHER = '00000000-1111-2222-3333-444444444444';
const API_KEY = '6f3f4b1e-58c1-4b1a-9c0e-1d2f3a4b5c6d';

const lines: string[] = [];
/** How reading a version is refused; undefined: it is not. */
let refusals: Partial<Record<StagingLabel, ServiceAnswer>> = {};
let stack: FaultyStack;
let deliver: ReturnType<typeof delivering>;

beforeAll(async () => {
  stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: SECRET,
    maxEnvironments: 1,
    onLog: (line) => void lines.push(line),
  });
  stack.faults.secretsManager.plan((_, { input }) =>
    input.VersionStage === 'AWSPREVIOUS' ? refusals.AWSPREVIOUS : refusals.AWSCURRENT,
  );
  deliver = delivering(stack, lines);
});
beforeEach(() => {
  refusals = {};
});
afterAll(() => stack.stop());

const put = (value: unknown) =>
  stack.secrets.put(stack.secretName, {
    SecretString: typeof value === 'string' ? value : JSON.stringify(value),
  });

/** Stores a value as if nothing had been stored before, for an environment that starts after it. */
async function store(value: unknown) {
  put(value);
  stack.secrets.removeStage(stack.secretName, 'AWSPREVIOUS');
  await stack.function.recycle();
}

const by = (key: string, version?: StagingLabel) => ({
  status: 200,
  answer: { status: 'accepted' },
  line: { outcome: 'Accepted', key: fingerprint(key), ...(version !== undefined && { version }) },
});

describe('every stored key is tried, whatever the headers say, and labels the event with its name', () => {
  it.each<[string, unknown, string | undefined, Record<string, string>?]>([
    ['the key alone', SECRET, undefined],
    ['with a line break at its end', `${SECRET}\n`, undefined],
    ['with a byte order mark and spaces around it', `\uFEFF  ${SECRET}\r\n\t`, undefined],
    ["as the console's key/value editor makes it", { secret: SECRET }, 'secret'],
    ['under the name value', { value: SECRET }, 'value'],
    ['under the name of a variable', { VERIFF_SHARED_SECRET: SECRET }, 'VERIFF_SHARED_SECRET'],
    ["in the placeholder's row", { placeholder: SECRET }, undefined],
    ['beside the placeholder', { placeholder: 'q:5Zr~not-a-key-of-veriff', live: SECRET }, 'live'],
    [
      'under a name with a space at its end',
      { [`${API_KEY} `]: SECRET },
      API_KEY,
      { 'x-auth-client': API_KEY },
    ],
    [
      'under the API key in upper case',
      { [API_KEY.toUpperCase()]: SECRET },
      API_KEY.toUpperCase(),
      { 'x-auth-client': API_KEY },
    ],
    [
      'with no other header than vrf-auth-client',
      { [API_KEY]: SECRET },
      API_KEY,
      { 'vrf-auth-client': API_KEY },
    ],
    ["with another integration's header", { live: SECRET, test: OTHER }, 'live', { 'x-auth-client': 'test' }],
    ['with an unknown header', { live: SECRET }, 'live', { 'x-auth-client': 'nobody' }],
    ['the second of a list', [OTHER, ` ${SECRET}\n`], undefined],
    ['the second of a name', { live: [OTHER, SECRET], test: 'test-key-0123456789' }, 'live'],
    [
      'the twentieth',
      [...Array.from({ length: 19 }, (_, index) => `key-${index}-0123456789`), SECRET],
      undefined,
    ],
  ])('%s', async (_, value, integration, headers = {}) => {
    await store(value);
    const accepted = await deliver({ headers });
    expect(accepted).toMatchObject(by(SECRET));
    expect(accepted.main[0]?.attributes.integration).toBe(integration);
    expect(await deliver({ secret: 'never-stored-0123456789', headers })).toMatchObject({
      status: 401,
      line: { outcome: 'Refused', reason: 'signature-mismatch' },
      main: [],
    });
  });

  it('two live keys of one integration, one of which signs while the other is still in use', async () => {
    await store([SECRET, OTHER]);
    expect(await deliver()).toMatchObject(by(SECRET));
    expect(await deliver({ secret: OTHER })).toMatchObject(by(OTHER));
  });
});

describe('a value that cannot be used is answered with 503, says why in the log, and repeats nothing of itself', () => {
  // An environment without a key reads the secret for every signed delivery.
  beforeAll(() => store(''));

  it.each<[string, string | object, string]>([
    ['a zero width space after the key', `${SECRET}\u200B`, 'U+200B'],
    ['a soft hyphen in it', SECRET.replace('-', '\u00AD'), 'U+00AD'],
    ['en dashes', SECRET.replaceAll('-', '\u2013'), 'U+2013'],
    ['quotation marks around it', `"${SECRET}"`, 'a quotation mark'],
    ['a space in it', SECRET.replace('-', ' '), 'a space'],
    ['two lines', `${SECRET}\n${OTHER}`, 'a line break'],
    ['UTF-16 read as UTF-8', [...SECRET].map((character) => `${character}\u0000`).join(''), 'U+0000'],
    ['a variable that nobody replaced', `\${VERIFF_SHARED_SECRET}`, 'variable'],
    ['half a key', SECRET.slice(0, 8), '8 characters'],
    ['no key', '', 'empty'],
    ['an empty list', [], 'no key'],
    ['JSON cut short', `{"live":"${SECRET}`, 'not valid JSON'],
    ['a number for a key', { live: 42 }, 'neither a list'],
    [
      'more keys than are tried',
      Array.from({ length: 21 }, (_, index) => `key-${index}-0123456789`),
      '21 keys',
    ],
    ['the placeholder', { placeholder: 'q:5Zr~made-by-cloudformation' }, 'placeholder'],
  ])('%s', async (_, value, why) => {
    put(value);
    const unusable = await deliver();
    expect(unusable).toMatchObject({ status: 503, line: { outcome: 'Unavailable', dependency: 'secret' } });
    expect(JSON.stringify(unusable.line)).toContain(why);
    expect(lines.join()).not.toContain(SECRET.slice(0, 12));
  });

  it('a secret that is scheduled for deletion: the sentence of AWS is in the log, and it works when it is restored', async () => {
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    put(SECRET);
    refusals.AWSCURRENT = awsError(400, 'InvalidRequestException', message);
    const unusable = await deliver();
    expect(unusable.status).toBe(503);
    expect(JSON.stringify(unusable.line)).toContain(message);
    expect(JSON.stringify(unusable.line)).toContain('restore');
    refusals = {};
    expect(await deliver()).toMatchObject(by(SECRET));
  });
});

describe('a change of the secret', () => {
  it('is noticed with the first delivery that a new key signs, and the old key goes on working', async () => {
    await store(SECRET);
    expect(await deliver()).toMatchObject(by(SECRET));
    put(OTHER);
    expect(await deliver({ secret: OTHER })).toMatchObject(by(OTHER));
    expect(await deliver()).toMatchObject(by(SECRET, 'AWSPREVIOUS'));
    expect(lines.join()).toContain('"VerifiedByPreviousKey":1');
  });

  it.each(['warm', 'cold'])('back to the version before keeps both keys working: %s', async (how) => {
    await store(SECRET);
    const before = stack.secrets.get(stack.secretName).versionId;
    const after = put(OTHER).versionId;
    expect(await deliver({ secret: OTHER })).toMatchObject(by(OTHER));
    // As old as a key mostly is; the one that was in use a minute ago was made today.
    stack.secrets.backdate(stack.secretName, 'AWSPREVIOUS', 30 * 24 * 3_600_000);
    stack.secrets.moveStage(stack.secretName, 'AWSCURRENT', after, before);
    if (how === 'cold') await stack.function.recycle();
    expect(await deliver()).toMatchObject({ status: 200 });
    expect(await deliver({ secret: OTHER })).toMatchObject({ status: 200 });
    if (how === 'cold') expect(await deliver({ secret: OTHER })).toMatchObject(by(OTHER, 'AWSPREVIOUS'));
  });

  it('is used while AWSPREVIOUS cannot be read, and what only that could verify is not refused', async () => {
    await store(SECRET);
    expect(await deliver()).toMatchObject(by(SECRET));
    put(OTHER);
    refusals.AWSPREVIOUS = awsError(400, 'AccessDeniedException', 'Access to KMS is not allowed');
    const accepted = await deliver({ secret: OTHER });
    expect(accepted).toMatchObject(by(OTHER));
    expect(lines.join()).toContain('AWSPREVIOUS could not be read');
    expect(await deliver()).toMatchObject({ status: 503, line: { outcome: 'Unavailable' } });
  });
});

describe('a leaked key ends with the next read of the secret when', () => {
  it.each<[string, () => void, number]>([
    ['it is overwritten with what cannot be used', () => put('too short'), 503],
    [
      'the secret is reset to the placeholder',
      () => put({ placeholder: 'q:5Zr~made-by-cloudformation' }),
      503,
    ],
    [
      'the secret is deleted',
      () => {
        refusals = {
          AWSCURRENT: awsError(400, 'ResourceNotFoundException'),
          AWSPREVIOUS: awsError(400, 'ResourceNotFoundException'),
        };
      },
      503,
    ],
    [
      'it is replaced and AWSPREVIOUS is removed',
      () => {
        put(OTHER);
        stack.secrets.removeStage(stack.secretName, 'AWSPREVIOUS');
      },
      401,
    ],
  ])('%s', async (_, takeAway, status) => {
    await store(SECRET);
    expect(await deliver()).toMatchObject(by(SECRET));
    takeAway();
    // A signature that no key made causes the read which otherwise comes within 5 minutes.
    expect(await deliver({ secret: 'never-stored-0123456789' })).toMatchObject({ status, main: [] });
    expect(await deliver()).toMatchObject({ status, main: [] });
  });
});
