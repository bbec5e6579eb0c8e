import { describe, expect, it } from 'vitest';
import { parseSecret } from '../../../functions/receiver/secret-value.ts';
import { SECRET } from '../../support/webhook.ts';

const stage = 'AWSCURRENT';

describe("the secret's value", () => {
  it.each([SECRET, `${SECRET}\n`, `  ${SECRET}\r\n`])('may be the bare shared secret key: %j', (value) => {
    expect(parseSecret(value, stage)).toEqual({
      ok: true,
      keys: [{ secret: SECRET, integration: undefined, stage }],
    });
  });

  it.each(['1234567890123456', '"quoted-with-care"', '["a-list-of-text"]'])(
    'is not read as JSON because it looks like it: %s',
    (value) => {
      expect(parseSecret(value, stage)).toMatchObject({ keys: [{ secret: value }] });
    },
  );

  it('may be a JSON object from integration API key to shared secret key', () => {
    expect(parseSecret('{"live":"key-of-live-0123 ","test":"key-of-test-0123"}', 'AWSPREVIOUS')).toEqual({
      ok: true,
      keys: [
        { secret: 'key-of-live-0123', integration: 'live', stage: 'AWSPREVIOUS' },
        { secret: 'key-of-test-0123', integration: 'test', stage: 'AWSPREVIOUS' },
      ],
    });
  });

  it('may be for one integration', () => {
    expect(parseSecret('{"live":"key-of-live-0123"}', stage)).toEqual({
      ok: true,
      keys: [{ secret: 'key-of-live-0123', integration: 'live', stage }],
    });
  });

  it('opens nothing while it is the placeholder of a fresh stack', () => {
    expect(parseSecret('{"placeholder":"a-random-value-of-32-characters-"}', stage)).toEqual({
      ok: false,
      problem: "The secret is still the placeholder. Store the integration's shared secret key.",
      isPlaceholder: true,
    });
  });

  it('may have an integration of the same name beside others', () => {
    expect(parseSecret('{"placeholder":"key-of-what-0123","live":"key-of-live-0123"}', stage)).toMatchObject({
      ok: true,
    });
  });

  it.each(['', ' \n', 'prod', '0123456789abcde', ' 0123456789abcde '])(
    'is refused when it is so short that it could be guessed: %j',
    (value) => {
      expect(parseSecret(value, stage)).toEqual({
        ok: false,
        problem: 'The secret has fewer than 16 characters. Store the shared secret key of the integration.',
        isPlaceholder: false,
      });
    },
  );

  it('may be 16 characters short', () => {
    expect(parseSecret('0123456789abcdef', stage)).toMatchObject({ ok: true });
  });

  it.each([
    '{}',
    '{',
    '{"a":1}',
    '{"a":""}',
    '{"a":" "}',
    '{"a":{"b":"c"}}',
    '{"__proto__":"0123456789abcdef"}',
    '{"live":"key-of-live-0123","environment":"prod"}',
  ])('is refused when it starts as an object and is no map of keys, and is not repeated: %s', (value) => {
    expect(parseSecret(value, stage)).toEqual({
      ok: false,
      problem:
        'The secret starts with { but is no JSON object from integration API key to shared secret key (16 characters at least). Store it again.',
      isPlaceholder: false,
    });
  });
});
