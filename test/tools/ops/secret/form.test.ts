import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSecretValue } from '../../../../functions/receiver/secret-value.ts';
import { inWords, secretValueOf } from '../../../../tools/ops/secret/form.ts';

const ONE = 'key-one-0123456789';
const TWO = 'key-two-0123456789';

const named = (integration: string | undefined, secret: string) => ({ integration, secret });

test.each([
  ['one key without a name', [named(undefined, ONE)], ONE],
  ['several keys without names', [named(undefined, ONE), named(undefined, TWO)], JSON.stringify([ONE, TWO])],
  ['a key that begins as JSON does', [named(undefined, `{${ONE}`)], JSON.stringify([`{${ONE}`])],
  ['keys with names', [named('a', ONE), named('b', TWO)], JSON.stringify({ a: ONE, b: TWO })],
  ['several keys of a name', [named('a', ONE), named('a', TWO)], JSON.stringify({ a: [ONE, TWO] })],
  [
    'a key without a name beside another',
    [named(undefined, ONE), named('a', TWO)],
    JSON.stringify({ '': ONE, a: TWO }),
  ],
])('writes %s in the simplest form', (_what, keys, value) => {
  expect(secretValueOf(keys)).toBe(value);
});

test('writes what is read as the same keys with the same names', () => {
  const key = fc.stringMatching(/^[!#-&(-[\]-_a-~]{16,40}$/);
  const name = fc.option(
    fc.string({ minLength: 1 }).map((text) => `n${text}n`),
    { nil: undefined },
  );
  const keys = fc.uniqueArray(fc.record({ secret: key, integration: name }), {
    selector: ({ secret }) => secret,
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(keys, (given) => {
      fc.pre(given.every(({ secret }) => parseSecretValue(JSON.stringify([secret])).ok));
      const parsed = parseSecretValue(secretValueOf(given));
      const read = parsed.ok ? parsed.keys.map(({ secret, integration }) => ({ secret, integration })) : [];
      expect(new Set(read)).toEqual(new Set(given));
    }),
  );
});

test.each([
  ['no key', '[]', 'no key'],
  ['one key', ONE, /^1 key \([0-9a-f]{8}\)$/],
  [
    'keys of names and without',
    JSON.stringify({ '': ONE, a: TWO }),
    /^1 key without a name \(\w{8}\), 1 key for a \(\w{8}\)$/,
  ],
  ['several of a name', JSON.stringify({ a: [ONE, TWO] }), /^2 keys for a \(\w{8}, \w{8}\)$/],
])('tells %s by names and fingerprints', (_what, value, words) => {
  const parsed = parseSecretValue(value);
  expect(inWords(parsed.ok ? parsed.keys : [])).toEqual(
    typeof words === 'string' ? words : expect.stringMatching(words),
  );
});
