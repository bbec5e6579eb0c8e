import { STAGED } from './fleet.ts';
import {
  A,
  at,
  B,
  deny,
  ends,
  fail,
  GRACE,
  KEPT,
  leaked,
  mend,
  promote,
  put,
  refresh,
  removePrevious,
  replaceOne,
  rotated,
  type Scene,
  TTL,
  together,
} from './scene.ts';

const C = 'key-c-0123456789';
const WRONG = 'key-wrong-0123456789';
const QUICK = { key: 'quick-key-0123456789', integration: 'quick' };
const SLOW = { key: 'slow-key-0123456789', integration: 'slow' };
/** No environment can begin with it. */
const BROKEN = '{"quick":';

export const SCENES: readonly Scene[] = [
  rotated('rotated', 1, [at(1, put(B))], 1 + GRACE),
  {
    name: 'rotated twice',
    changes: [at(0.5, put(B)), at(1, put(C))],
    // The store keeps one key before the current one: the slow sender is a key behind, not two.
    senders: (hour) => [
      { key: hour < 0.5 ? A : hour < 1 ? B : C },
      { key: hour < 0.5 ? A : hour < KEPT ? B : C },
    ],
    ...ends(B, 1 + GRACE),
  },
  rotated('a key stored right after a due refresh', 1, [at(1, refresh, put(B))], 1 + TTL + GRACE),
  {
    name: 'a wrong key stored, mended after two hours',
    changes: [at(1, put(WRONG)), at(3, put(A))],
    senders: together(0, A, A),
    ...ends(WRONG, 3 + GRACE),
  },
  {
    name: 'a broken value stored, mended after two hours; one environment starts in between',
    // The old key first: it has to be the previous one.
    changes: [at(1, put(BROKEN)), at(2, replaceOne), at(3, put(A), put(B))],
    senders: together(3, A, B),
    unavailable: [1, 3],
    ...ends(A, 3 + GRACE),
  },
  {
    name: 'labels rolled back to the version before; one environment starts after it',
    changes: [at(1, put(B)), at(3, promote('AWSPREVIOUS'), replaceOne)],
    senders: (hour) => [{ key: hour < 1 || hour >= 3 ? A : B }, { key: hour < 1 || hour >= KEPT ? A : B }],
    // B is the later one of both.
    ...ends(B, 1 + GRACE),
  },
  {
    name: 'a version promoted that was stored 48 hours before',
    prepare(fleet) {
      fleet.stage(B);
      fleet.pass(48 * 3_600_000);
    },
    changes: [at(1, promote(STAGED))],
    // Both versions are older than the grace period: what is signed with the old key from now on would be refused.
    senders: together(1, A, B),
    ended: { key: A, usedFrom: 1, from: 1 + TTL },
  },
  rotated(
    'a list: a second key added, the first one removed after two hours',
    1,
    [at(1, put([A, B])), at(3, put([B]))],
    3 + GRACE,
  ),
  {
    name: 'names stored in place of a key',
    changes: [at(1, put({ [QUICK.integration]: QUICK.key, [SLOW.integration]: SLOW.key }))],
    senders: (hour) => [hour < 1 ? { key: A } : QUICK, hour < KEPT ? { key: A } : SLOW],
    ...ends(A, 1 + GRACE),
  },
  {
    name: 'names with lists: a key added for one of them, the old one removed after two hours',
    before: JSON.stringify({ quick: A, slow: SLOW.key }),
    changes: [at(1, put({ quick: [A, B], slow: SLOW.key })), at(3, put({ slow: [SLOW.key], quick: [B] }))],
    senders: (hour) => [{ key: hour < KEPT ? A : B, integration: 'quick' }, SLOW],
    ...ends(A, 3 + GRACE),
  },
  rotated(
    'AWSPREVIOUS removed two hours after the last sender switched',
    1,
    [at(1, put(B)), at(KEPT + 3, removePrevious)],
    KEPT + 3 + TTL,
  ),
  {
    ...rotated(
      'AWSPREVIOUS alone failing, from before the rotation until two hours after it',
      1,
      [at(0.5, fail('AWSPREVIOUS')), at(1, put(B)), at(3, mend)],
      1 + GRACE,
    ),
    unavailable: [1, 3],
  },
  {
    ...rotated(
      'the store failing, from before the rotation until an hour after it',
      2,
      [at(1, deny), at(2, put(B)), at(3, mend)],
      2 + GRACE,
    ),
    unavailable: [1.5, 3],
  },
  {
    name: 'reading denied for an hour and a half',
    changes: [at(1, deny), at(2.5, mend)],
    senders: together(0, A, A),
    unavailable: [1.5, 2.5],
  },
  leaked(
    'a leaked key overwritten with what cannot be used, a new one stored after two hours',
    [at(1, put(BROKEN)), at(3, put(B))],
    [1, 3],
  ),
  leaked(
    'the secret of a leaked key deleted, a new one made after two hours',
    [at(1, (fleet) => fleet.delete()), at(3, put(B))],
    [1, 3],
  ),
  leaked('a leaked key replaced and taken out of AWSPREVIOUS', [at(1, put(B), removePrevious)]),
  leaked(
    'a leaked key replaced while reading is denied for an hour and a half',
    [at(1, deny, put(B), removePrevious), at(2.5, mend)],
    [1, 2.5],
    // What was held goes on serving, for an hour at the most.
    2,
  ),
];
