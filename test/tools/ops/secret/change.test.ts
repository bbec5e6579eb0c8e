import { describe, expect, test } from 'vitest';
import {
  parseSecretValue,
  type SecretValue,
  type StoredKey,
} from '../../../../functions/receiver/secret-value.ts';
import { adding, type Change, removing, replacing, revoking } from '../../../../tools/ops/secret/change.ts';
import type { Versions } from '../../../../tools/ops/secret/versions.ts';

const UNTIL = new Date('2026-11-26T10:00:00Z');
const NEW_UNTIL = new Date('2026-11-27T09:00:00Z');

/** A key by its letter: `a`, or `a:live` with a name. */
function key(written: string): StoredKey {
  const [letter = '', name = ''] = written.split(':');
  const parsed = parseSecretValue(JSON.stringify({ [name]: `key-${letter.repeat(20)}` }));
  const [found] = parsed.ok ? parsed.keys : [];
  if (found === undefined) throw new Error(`expected a letter, got ${written}`);
  return found;
}
const keys = (...written: string[]) => written.map(key);
const fingerprint = (letter: string) => key(letter).fingerprint;

interface Given {
  readonly previous?: string[];
  /** Why the current value can't be used. */
  readonly currentProblem?: string;
  readonly previousUntil?: Date | undefined;
  readonly previousFailure?: string;
}

function held(current: string[], { previous = [], currentProblem, ...others }: Given = {}): Versions {
  const version = (parsed: SecretValue) => ({ id: 'v', value: '', createdAt: UNTIL, parsed });
  return {
    previousUntil: previous.length > 0 ? UNTIL : undefined,
    previousFailure: undefined,
    newPreviousUntil: NEW_UNTIL,
    ...others,
    current: version(
      currentProblem === undefined
        ? { ok: true, keys: keys(...current) }
        : { ok: false, problem: currentProblem, isPlaceholder: false },
    ),
    previous: version({ ok: true, keys: keys(...previous) }),
  };
}

const written = (list: readonly StoredKey[] | undefined) =>
  list?.map(
    ({ secret, integration }) => `${secret.at(-1)}${integration === undefined ? '' : `:${integration}`}`,
  );

const told = ({ current, previous, consequences }: Change) => ({
  current: written(current),
  ...(previous && { previous: written(previous) }),
  ...(consequences.length > 0 && { consequences }),
});

const unusable = held([], { currentProblem: 'The key has 3 characters.' });

const unread = held(['b', 'c'], { previousFailure: 'AccessDeniedException: No.' });
const UNREAD = expect.stringMatching(
  /^The previous version could not be read \(AccessDeniedException: No\.\)/,
);

test.each<[string, Change, object]>([
  ['replace', replacing(unread, keys('d'), undefined), { current: ['d'] }],
  ['add', adding(unread, keys('d')), { current: ['b', 'c', 'd'] }],
  ['remove', removing(unread, fingerprint('b')), { current: ['c'] }],
  ['revoke', revoking(unread, fingerprint('b')), { current: ['c'], previous: [] }],
  [
    'revoke what only the previous version may hold',
    revoking(unread, fingerprint('a')),
    { current: ['b', 'c'] },
  ],
])('asks before it ends a previous version that could not be read: to %s', (_what, change, done) => {
  expect(told(change)).toEqual({ ...done, consequences: [UNREAD] });
});

test('does not say of a previous version that could not be read that it has no key', () => {
  expect(() => removing(unread, fingerprint('a'))).toThrow(
    'previous version: could not be read (AccessDenied',
  );
});

describe('to replace', () => {
  test('stores the new key in the place of all', () => {
    expect(told(replacing(held(['a', 'b']), keys('c'), undefined))).toEqual({ current: ['c'] });
  });

  test('with a name replaces the keys of this name only', () => {
    const stored = held(['a:live', 'b:test', 'c:live']);
    expect(told(replacing(stored, keys('d:live'), 'live'))).toEqual({ current: ['b:test', 'd:live'] });
  });

  test('gives a name to a key that was stored without one', () => {
    expect(told(replacing(held(['a']), keys('a:live'), 'live'))).toEqual({ current: ['a:live'] });
  });

  test('asks before keys with names give way to one without', () => {
    expect(told(replacing(held(['a:live', 'b:test']), keys('c'), undefined)).consequences).toEqual([
      expect.stringContaining('replaces the keys of live, test'),
    ]);
  });

  test('does not ask when the new keys have names', () => {
    expect(told(replacing(held(['a:live']), keys('c:live'), undefined))).toEqual({ current: ['c:live'] });
  });

  test('asks before a key of the previous version ends early', () => {
    expect(told(replacing(held(['b'], { previous: ['a'] }), keys('c'), undefined)).consequences).toEqual([
      expect.stringContaining(`(${UNTIL.toISOString()}): 1 key (${fingerprint('a')})`),
    ]);
  });

  test('does not ask for a previous key that no longer works, or is stored again', () => {
    const ended = held(['b'], { previous: ['a'], previousUntil: undefined });
    expect(told(replacing(ended, keys('c'), undefined))).toEqual({ current: ['c'] });
    expect(told(replacing(held(['b'], { previous: ['a'] }), keys('a'), undefined))).toEqual({
      current: ['a'],
    });
  });

  test('refuses what is stored already, in whatever order', () => {
    expect(() => replacing(held(['a', 'b']), keys('b', 'a'), undefined)).toThrow('got the same');
  });

  test('as a whole replaces a value that cannot be used; the keys of one name it does not', () => {
    expect(told(replacing(unusable, keys('a'), undefined))).toEqual({ current: ['a'] });
    expect(() => replacing(unusable, keys('a:live'), 'live')).toThrow(
      'The key has 3 characters. Replace it as a whole',
    );
  });
});

describe('to add', () => {
  test.each([
    [['a'], ['b'], ['a', 'b']],
    [[], ['a'], ['a']],
    [['a:live'], ['b:live'], ['a:live', 'b:live']],
    [['a'], ['b:live'], ['a', 'b:live']],
    [['a'], ['a:live'], ['a:live']],
  ])('to %j stores %j beside', (stored, given, current) => {
    expect(told(adding(held(stored), keys(...given)))).toEqual({ current });
  });

  test.each([
    [
      'a key without a name to keys that have names',
      held(['a:live', 'b:test']),
      'c',
      'expected --integration',
    ],
    ['a key that is stored', held(['a', 'b']), 'a', 'got one that is stored already'],
    ['a key to what cannot be used', unusable, 'a', 'The key has 3 characters.'],
  ])('refuses %s', (_what, stored, given, said) => {
    expect(() => adding(stored, keys(given))).toThrow(said);
  });
});

describe('to remove', () => {
  test('leaves the other keys', () => {
    expect(told(removing(held(['a', 'b:live']), fingerprint('a')))).toEqual({ current: ['b:live'] });
  });

  test.each([
    ['the only key', held(['a']), '--revoke'],
    [
      'a key of the previous version only',
      held(['b'], { previous: ['a'] }),
      'got one of the previous version',
    ],
    ['a key that is not there', held(['b', 'c']), 'expected the fingerprint of a stored key'],
    ['a key of what cannot be used', unusable, 'The key has 3 characters.'],
  ])('refuses %s', (_what, stored, said) => {
    expect(() => removing(stored, fingerprint('a'))).toThrow(said);
  });
});

describe('to revoke', () => {
  const longer = [
    expect.stringContaining(
      `anew, so that they work until ${NEW_UNTIL.toISOString()}: 1 key (${fingerprint('c')}).`,
    ),
  ];

  test.each([
    ['takes it out of both versions', held(['a', 'b']), { current: ['b'], previous: [] }],
    [
      'keeps what the previous version alone holds, and asks, since it then works longer',
      held(['a', 'b'], { previous: ['a', 'c'] }),
      { current: ['b'], previous: ['c'], consequences: longer },
    ],
    [
      'keeps the current version when only the previous one holds it',
      held(['b'], { previous: ['a', 'b', 'c'] }),
      { current: undefined, previous: ['c'], consequences: longer },
    ],
    [
      'brings no key back whose grace period is over',
      held(['a', 'b'], { previous: ['c'], previousUntil: undefined }),
      { current: ['b'], previous: [] },
    ],
    [
      'leaves the previous keys where they are while the current value cannot be used',
      held([], { previous: ['a', 'c'], previousUntil: undefined, currentProblem: 'No.' }),
      { current: undefined, previous: ['c'] },
    ],
  ])('%s', (_what, stored, change) => {
    expect(told(revoking(stored, fingerprint('a')))).toEqual(change);
  });

  test('asks before the only key', () => {
    expect(told(revoking(held(['a'], { previous: ['b'] }), fingerprint('a')))).toEqual({
      current: [],
      previous: [],
      consequences: [
        expect.stringContaining('No key remains: deliveries get 503'),
        expect.stringContaining(fingerprint('b')),
      ],
    });
  });

  test('refuses a key that neither version holds', () => {
    expect(() => revoking(held(['b']), fingerprint('a'))).toThrow('expected the fingerprint of a stored key');
  });
});
