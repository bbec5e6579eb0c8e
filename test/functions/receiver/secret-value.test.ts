import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_KEYS, parseSecretValue } from '../../../functions/receiver/secret-value.ts';
import { SECRET } from '../../support/webhook.ts';

const OTHER = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const RANDOM = 'x;Rj"%8nV`Q^tZ0:d]Lm/3_s[Wk{5\\+1';

/** The keys of a value as [name, key], or why there are none. */
function read(value: string) {
  const parsed = parseSecretValue(value);
  return parsed.ok ? parsed.keys.map(({ integration, secret }) => [integration, secret]) : parsed.problem;
}

describe('the value of the secret', () => {
  it.each([
    ['a key', SECRET, [[undefined, SECRET]]],
    [
      'a list of keys',
      JSON.stringify([SECRET, OTHER]),
      [
        [undefined, SECRET],
        [undefined, OTHER],
      ],
    ],
    [
      'an object of keys',
      JSON.stringify({ live: SECRET, test: OTHER }),
      [
        ['live', SECRET],
        ['test', OTHER],
      ],
    ],
    [
      'an object of lists',
      JSON.stringify({ live: [SECRET, OTHER] }),
      [
        ['live', SECRET],
        ['live', OTHER],
      ],
    ],
    ["an object of the console's making", JSON.stringify({ secret: SECRET }), [['secret', SECRET]]],
    [
      'a key without a name beside named ones',
      JSON.stringify({ '': SECRET, live: OTHER }),
      [
        [undefined, SECRET],
        ['live', OTHER],
      ],
    ],
    [
      'names that every object has',
      JSON.stringify({ constructor: SECRET, toString: OTHER }),
      [
        ['constructor', SECRET],
        ['toString', OTHER],
      ],
    ],
    ['a name that would be a prototype', `{"__proto__":"${SECRET}"}`, [['__proto__', SECRET]]],
    ['the same key twice', JSON.stringify({ live: SECRET, spare: SECRET }), [['live', SECRET]]],
    [
      'a key beside the placeholder',
      JSON.stringify({ placeholder: RANDOM, live: SECRET }),
      [['live', SECRET]],
    ],
    [
      "a key typed into the placeholder's row",
      JSON.stringify({ placeholder: SECRET }),
      [[undefined, SECRET]],
    ],
    [
      'a key that starts as a variable of a shell does',
      '$VERIFF_SHARED_SECRET-1',
      [[undefined, '$VERIFF_SHARED_SECRET-1']],
    ],
  ])('may be %s', (_, value, keys) => expect(read(value)).toEqual(keys));

  it('is the same with white space around it, around a name or around a key', () => {
    const space = fc.stringMatching(/^[ \t\r\n\uFEFF\u00A0]{0,3}$/);
    const key = fc.stringMatching(/^[a-zA-Z0-9-]{16,40}$/);
    fc.assert(
      fc.property(space, space, key, key, (before, after, one, other) => {
        const padded = (text: string) => `${before}${text}${after}`;
        expect(read(padded(one))).toEqual(read(one));
        const named = (around: (text: string) => string) =>
          padded(JSON.stringify({ [around('live')]: around(one), test: [around(other)] }));
        expect(read(named(padded))).toEqual(read(named((text) => text)));
      }),
    );
  });

  it('holds each key that was stored, under its name, for any names and keys', () => {
    const key = fc.stringMatching(/^[!#-&(-[\]-_a-z{|}~]{17,40}$/).filter((text) => !/^[$%<[{]/.test(text));
    const names = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.array(key, { minLength: 1, maxLength: 3 }),
      {
        minKeys: 1,
        maxKeys: 6,
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(names, (stored) => {
        const parsed = parseSecretValue(JSON.stringify(stored));
        const secrets = parsed.ok ? parsed.keys.map(({ secret }) => secret) : [];
        const { placeholder: _, ...kept } = Object.fromEntries(
          Object.entries(stored).map(([name, keys]) => [name.trim(), keys]),
        );
        expect(secrets).toEqual(expect.arrayContaining(Object.values(kept).flat()));
      }),
    );
  });

  it('names each key by the first 8 hex digits of its SHA-256', () => {
    const digest = createHash('sha256').update(SECRET).digest('hex');
    expect(parseSecretValue(` ${SECRET}\n`)).toMatchObject({ keys: [{ fingerprint: digest.slice(0, 8) }] });
  });

  it.each([
    ['random text', RANDOM],
    ['random text that ends in what looks like a key', `0${SECRET}`],
    ['random text that starts with what looks like a key', `${SECRET}0`],
  ])('opens nothing while it is the placeholder of a fresh stack: %s', (_, placeholder) => {
    expect(parseSecretValue(JSON.stringify({ placeholder }))).toEqual({
      ok: false,
      problem: "The secret is still the placeholder. Store Veriff's shared secret key.",
      isPlaceholder: true,
    });
  });

  it.each([
    ['is empty', '', 'The secret is empty.'],
    ['is blank', ' \n', 'The secret is empty.'],
    ['is short enough to be guessed', 'prod', 'The key has 4 characters, but a key has 16 at least.'],
    ['is 15 characters', '0123456789abcde', 'The key has 15 characters'],
    [
      'has a short key beside a good one',
      JSON.stringify({ live: SECRET, environment: 'prod' }),
      'Key 2 of the secret has 4 characters',
    ],
    ['has a zero width space', `${SECRET}\u200B`, 'The key has the character U+200B in it'],
    ['has a soft hyphen', `${SECRET.slice(0, 8)}\u00AD${SECRET.slice(8)}`, 'the character U+00AD'],
    ['has dashes that a word processor made', SECRET.replaceAll('-', '–'), 'the character U+2013'],
    ['has a character beyond the first plane', `${SECRET}🔑`, 'the character U+1F511'],
    ['is in quotation marks', `"${SECRET}"`, 'The key has a quotation mark in it'],
    [
      'is in quotation marks within JSON',
      JSON.stringify({ live: `'${SECRET}'` }),
      'The key has a quotation mark in it',
    ],
    ['has a backslash', `${SECRET}\\n`, 'The key has a backslash in it'],
    ['has a space inside', `${SECRET} ${OTHER}`, 'The key has a space in it'],
    ['has two lines', `${SECRET}\n${OTHER}`, 'The key has a line break in it'],
    ['was UTF-16', `\u{FFFD}${[...SECRET].join('\0')}`, 'the character U+FFFD'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what people store by mistake.
    ['is a variable of a shell', '${VERIFF_SHARED_SECRET}', 'The key is a variable that was not replaced'],
    ['is a variable without braces', '$VERIFF_SHARED_SECRET', 'The key is a variable that was not replaced'],
    ['is a variable of Windows', '%VERIFF_SHARED_SECRET%', 'The key is a variable that was not replaced'],
    ["is a manual's blank", '<shared-secret-key>', 'The key is a variable that was not replaced'],
    ['is JSON cut short', '{"live":', 'The secret starts with { or [, but is not valid JSON.'],
    ["is a template's blank", '{{ veriff_shared_secret }}', 'but is not valid JSON.'],
    ['is an object of objects', '{"a":{"b":"c"}}', 'The secret is JSON, but neither'],
    ['is an object of numbers', '{"a":1}', 'The secret is JSON, but neither'],
    ['is a list of lists', `[["${SECRET}"]]`, 'The secret is JSON, but neither'],
    ['has a name twice', `{"live":"${SECRET}","live":"${OTHER}"}`, 'The secret has a name twice.'],
    [
      'has a name with an escaped quotation mark twice',
      `{"a\\"":["${SECRET}"], "a\\u0022" : "${OTHER}"}`,
      'The secret has a name twice.',
    ],
    ['holds nothing as a list', '[]', 'The secret holds no key.'],
    ['holds nothing as an object', '{}', 'The secret holds no key.'],
    ['has an empty key', JSON.stringify({ live: ' ' }), 'The key has 0 characters'],
  ])('is refused when it %s, and nothing of it is repeated', (_, value, problem) => {
    const parsed = parseSecretValue(value);
    expect(parsed).toMatchObject({
      ok: false,
      isPlaceholder: false,
      problem: expect.stringContaining(problem),
    });
    for (const piece of [SECRET, SECRET.slice(0, 8), OTHER.slice(0, 8), 'environment', 'VERIFF_']) {
      expect(JSON.stringify(parsed)).not.toContain(piece);
    }
  });

  it(`holds ${MAX_KEYS} keys at most`, () => {
    const keys = (count: number) =>
      JSON.stringify(Array.from({ length: count }, (_, index) => `${SECRET}-${index}`));
    expect(parseSecretValue(keys(MAX_KEYS))).toMatchObject({ ok: true });
    expect(read(keys(MAX_KEYS + 1))).toBe('The secret holds 21 keys, but may hold 20 at most. Remove some.');
  });
});
