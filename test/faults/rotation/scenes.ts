import { type Fleet, HOUR_MS } from './fleet.ts';

/** The key, and the name under which it is stored, which the receiver is to label the event with. */
export interface Signature {
  readonly key: string;
  readonly integration?: string;
}

type Act = (fleet: Fleet) => void | Promise<void>;

/** What is done to the secret while it is used. All times are hours after the scene began. */
export interface Scene {
  /** The secret's value at the beginning; {@link A} when left out. */
  readonly before?: string;
  /** Done before the scene. */
  readonly prepare?: Act;
  /** In the order of the hours. */
  readonly changes: readonly { readonly hour: number; readonly acts: readonly Act[] }[];
  /** How each sender signs at that hour. */
  readonly senders: (hour: number) => readonly Signature[];
  /** When the receiver may ask to send again, because the secret cannot be used; left out: never. */
  readonly unavailable?: readonly [from: number, to: number];
  /** A key that ends: someone tries it with every environment from the first hour on, and it opens nothing from the second on. */
  readonly ended?: readonly [key: string, usedFrom: number, endedFrom: number];
}

export const A = 'key-a-0123456789';
const B = 'key-b-0123456789';
const C = 'key-c-0123456789';
const WRONG = 'key-wrong-0123456789';
const QUICK = { key: 'quick-key-0123456789', integration: 'quick' };
const SLOW = { key: 'slow-key-0123456789', integration: 'slow' };
/** No environment can begin with it. */
const BROKEN = '{"quick":';
/** The label of a version that is stored and not in use yet. */
const STAGED = 'AWSPENDING';

/** One sender signs with the new key from the moment it is stored, another keeps the old one so long. */
const KEPT = 20;
const GRACE = 24;
/** A key that is taken away may serve so long. */
const TTL = 5 / 60;

const at = (hour: number, ...acts: readonly Act[]) => ({ hour, acts });
const put =
  (value: unknown): Act =>
  (fleet) =>
    fleet.put(typeof value === 'string' ? value : JSON.stringify(value));
const deny: Act = (fleet) => fleet.fail('AWSCURRENT', 'AWSPREVIOUS');
const denyPrevious: Act = (fleet) => fleet.fail('AWSPREVIOUS');
const mend: Act = (fleet) => fleet.fail();
const removePrevious: Act = (fleet) => fleet.removePrevious();
const replaceOne: Act = (fleet) => fleet.replaceOne();

/** Both sign with a key until that hour, and with another from then on. */
const together = (hour: number, before: string, after: string) => (now: number) => {
  const key = now < hour ? before : after;
  return [{ key }, { key }];
};
/** Somebody uses the key when its grace period ends. */
const ends = (key: string, hour: number) => [key, hour, hour] as const;
/** A is replaced by B at that hour; the first sender switches at once. */
const rotated = (hour: number, changes: Scene['changes'], endedFrom: number) => ({
  changes,
  senders: (now: number) => [{ key: now < hour ? A : B }, { key: now < hour + KEPT ? A : B }],
  ended: ends(A, endedFrom),
});
/** A is known to others, who use it from the beginning; both senders switch to B when something is done about it. */
const leaked = (changes: Scene['changes'], endedFrom = 1 + TTL) => ({
  changes,
  senders: together(1, A, B),
  ended: [A, 0, endedFrom] as const,
});

export const SCENES: Readonly<Record<string, Scene>> = {
  rotated: rotated(1, [at(1, put(B))], 1 + GRACE),
  'rotated twice': {
    changes: [at(0.5, put(B)), at(1, put(C))],
    // The store keeps one key before the current one: the slow sender is a key behind, not two.
    senders: (hour) => {
      const late = hour < 0.5 ? A : B;
      return [{ key: hour < 1 ? late : C }, { key: hour < KEPT ? late : C }];
    },
    ended: ends(B, 1 + GRACE),
  },
  'a key stored right after a due refresh': rotated(1, [at(1, refreshDue, put(B))], 1 + TTL + GRACE),
  'a wrong key stored, mended after two hours': {
    changes: [at(1, put(WRONG)), at(3, put(A))],
    senders: together(0, A, A),
    ended: ends(WRONG, 3 + GRACE),
  },
  'a broken value stored, mended after two hours; one environment starts in between': {
    // The old key first: it has to be the previous one.
    changes: [at(1, put(BROKEN)), at(2, replaceOne), at(3, put(A), put(B))],
    senders: together(3, A, B),
    unavailable: [1, 3],
    ended: ends(A, 3 + GRACE),
  },
  'labels rolled back to the version before; one environment starts after it': {
    changes: [at(1, put(B)), at(3, (fleet) => fleet.promote('AWSPREVIOUS'), replaceOne)],
    senders: (hour) => [{ key: hour < 1 || hour >= 3 ? A : B }, { key: hour < 1 || hour >= KEPT ? A : B }],
    // B is the later one of both.
    ended: ends(B, 1 + GRACE),
  },
  'a version promoted that was stored 48 hours before': {
    prepare(fleet) {
      fleet.stage(B, STAGED);
      fleet.pass(48 * HOUR_MS);
    },
    changes: [at(1, (fleet) => fleet.promote(STAGED))],
    // Both versions are older than the grace period: what is signed with the old key from now on would be refused.
    senders: together(1, A, B),
    ended: [A, 1, 1 + TTL],
  },
  'a list: a second key added, the first one removed after two hours': rotated(
    1,
    [at(1, put([A, B])), at(3, put([B]))],
    3 + GRACE,
  ),
  'names stored in place of a key': {
    changes: [at(1, put({ quick: QUICK.key, slow: SLOW.key }))],
    senders: (hour) => [hour < 1 ? { key: A } : QUICK, hour < KEPT ? { key: A } : SLOW],
    ended: ends(A, 1 + GRACE),
  },
  'names with lists: a key added for one of them, the old one removed after two hours': {
    before: JSON.stringify({ quick: A, slow: SLOW.key }),
    changes: [at(1, put({ quick: [A, B], slow: SLOW.key })), at(3, put({ slow: [SLOW.key], quick: [B] }))],
    senders: (hour) => [{ key: hour < KEPT ? A : B, integration: 'quick' }, SLOW],
    ended: ends(A, 3 + GRACE),
  },
  'AWSPREVIOUS removed two hours after the last sender switched': rotated(
    1,
    [at(1, put(B)), at(KEPT + 3, removePrevious)],
    KEPT + 3 + TTL,
  ),
  'AWSPREVIOUS alone failing, from before the rotation until two hours after it': {
    ...rotated(1, [at(0.5, denyPrevious), at(1, put(B)), at(3, mend)], 1 + GRACE),
    unavailable: [1, 3],
  },
  'the store failing, from before the rotation until an hour after it': {
    ...rotated(2, [at(1, deny), at(2, put(B)), at(3, mend)], 2 + GRACE),
    unavailable: [1.5, 3],
  },
  'reading denied for an hour and a half': {
    changes: [at(1, deny), at(2.5, mend)],
    senders: together(0, A, A),
    unavailable: [1.5, 2.5],
  },
  'a leaked key overwritten with what cannot be used, a new one stored after two hours': {
    ...leaked([at(1, put(BROKEN)), at(3, put(B))]),
    unavailable: [1, 3],
  },
  'the secret of a leaked key deleted, a new one made after two hours': {
    ...leaked([at(1, (fleet) => fleet.delete()), at(3, put(B))]),
    unavailable: [1, 3],
  },
  'a leaked key replaced and taken out of AWSPREVIOUS': leaked([at(1, put(B), removePrevious)]),
  'a leaked key replaced while reading is denied for an hour and a half': {
    // What was held goes on serving, for an hour at the most.
    ...leaked([at(1, deny, put(B), removePrevious), at(2.5, mend)], 2),
    unavailable: [1, 2.5],
  },
};

async function refreshDue(fleet: Fleet): Promise<void> {
  fleet.pass(TTL * HOUR_MS);
  for (const { receive } of fleet.environments) await receive(A);
}
