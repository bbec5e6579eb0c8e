import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSecretValue } from '../../../functions/receiver/secret-value.ts';
import { createKeyCache } from '../../../functions/receiver/secrets.ts';
import { matchingKey, sign } from '../../../functions/receiver/signature.ts';
import { chooseKey } from '../../../tools/ops/choose-key.ts';

const LIVE = 'the-key-of-live-0123';
const TEST = 'the-key-of-test-0123';
const several = JSON.stringify({ live: LIVE, test: TEST });

test.each([
  ['a bare key', `${LIVE}\n`],
  ['the first of a list', JSON.stringify([LIVE, TEST])],
  ['the first of an object', several],
])('takes %s when no name is given', (_what, value) => {
  expect(chooseKey(value, undefined).secret).toBe(LIVE);
});

test('takes the key of the name', () => {
  expect(chooseKey(several, 'test').secret).toBe(TEST);
});

test.each([
  ['a name that no key has', several, 'expected one of the integrations live, test, got other'],
  ['a name when no key has any', LIVE, 'expected no integration, as no stored key has a name, got other'],
  ['the placeholder', '{"placeholder":"0123456789abcdef0123"}', 'still the placeholder'],
])('refuses %s', (_what, value, said) => {
  expect(() => chooseKey(value, 'other')).toThrow(said);
});

const space = fc.stringMatching(/^[ \t\r\n\uFEFF]{0,2}$/);
const spaced = (text: fc.Arbitrary<string>) => fc.tuple(space, text, space).map((parts) => parts.join(''));
const key = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^[!-~]{1,40}$/),
  fc.constantFrom('$' + '{SECRET}', '[abcdefghijklmnop', '{abcdefghijklmnop}', `${LIVE}\u200b`),
);
const keys = fc.oneof(spaced(key), fc.array(spaced(key), { maxLength: 4 }));
const name = fc.oneof(fc.constantFrom('placeholder', '__proto__', '', 'constructor'), fc.string());
const value = spaced(
  fc.oneof(
    { weight: 2, arbitrary: key },
    { weight: 2, arbitrary: fc.array(spaced(key), { maxLength: 4 }).map((list) => JSON.stringify(list)) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(name, keys), { maxLength: 4 })
        .map((entries) => JSON.stringify(Object.fromEntries(entries))),
    },
    { weight: 1, arbitrary: fc.json() },
  ),
);

test('whatever is stored, the receiver verifies what the sender signs, or neither can use it', async () => {
  const body = Buffer.from('{}');
  await fc.assert(
    fc.asyncProperty(value, async (stored) => {
      const parsed = parseSecretValue(stored);
      const names = parsed.ok ? new Set(parsed.keys.map(({ integration }) => integration)) : [undefined];
      for (const integration of new Set([undefined, ...names])) {
        const { findKey } = createKeyCache(
          async (stage) =>
            stage === 'AWSCURRENT' ? { id: 'v', value: stored, createdAt: new Date() } : undefined,
          { graceMs: 0, warn() {} },
        );
        const digest = (secret: string) => Buffer.from(sign(secret, body), 'hex');
        const received = findKey(
          (held) => matchingKey(body, digest(chooseKey(stored, integration).secret), held),
          new AbortController().signal,
        );
        if (parsed.ok) expect(await received).toMatchObject(chooseKey(stored, integration));
        else {
          expect(() => chooseKey(stored, integration)).toThrow(parsed.problem);
          await expect(received).rejects.toMatchObject({ cause: { message: parsed.problem } });
        }
      }
    }),
  );
});
