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

  it.each(['12345', '"quoted"', 'true', 'null', '["a"]'])(
    'is not read as JSON because it looks like it: %s',
    (value) => {
      expect(parseSecret(value, stage)).toMatchObject({ keys: [{ secret: value }] });
    },
  );

  it('may be a JSON object from integration API key to shared secret key', () => {
    expect(parseSecret('{"live":"a ","test":"b"}', 'AWSPREVIOUS')).toEqual({
      ok: true,
      keys: [
        { secret: 'a', integration: 'live', stage: 'AWSPREVIOUS' },
        { secret: 'b', integration: 'test', stage: 'AWSPREVIOUS' },
      ],
    });
  });

  it('may be for one integration', () => {
    expect(parseSecret('{"live":"a"}', stage)).toEqual({
      ok: true,
      keys: [{ secret: 'a', integration: 'live', stage }],
    });
  });

  it('opens nothing while it is the placeholder of a fresh stack', () => {
    expect(parseSecret('{"placeholder":"a random value"}', stage)).toEqual({
      ok: false,
      problem: "The secret is still the placeholder. Store the integration's shared secret key.",
    });
  });

  it('may have an integration of the same name beside others', () => {
    expect(parseSecret('{"placeholder":"a","live":"b"}', stage)).toMatchObject({ ok: true });
  });

  it.each(['', ' \n'])('is refused when it is empty: %j', (value) => {
    expect(parseSecret(value, stage)).toEqual({
      ok: false,
      problem: 'The secret is empty. Store the shared secret key of the integration.',
    });
  });

  it.each(['{}', '{', '{"a":1}', '{"a":""}', '{"a":" "}', '{"a":{"b":"c"}}', '{"__proto__":"x"}'])(
    'is refused when it starts as an object and is no map of keys, and is not repeated: %s',
    (value) => {
      expect(parseSecret(value, stage)).toEqual({
        ok: false,
        problem:
          'The secret starts with { but is no JSON object from integration API key to shared secret key. Store it again.',
      });
    },
  );
});
