import { type Fleet, STAGED } from './fleet.ts';

export interface Signature {
  readonly key: string;
  /** The name under which the key is stored, which the receiver is to label the event with. */
  readonly integration?: string;
}

/** Something done to the secret, in hours after the scene began; in the order of the hours. */
interface Happening {
  readonly hour: number;
  readonly act: (fleet: Fleet) => void | Promise<void>;
}

export interface Scene {
  readonly name: string;
  /** The secret's value at the beginning. */
  readonly before: string;
  /** What was done to the secret before the scene. */
  readonly prepare?: (fleet: Fleet) => void;
  readonly events: readonly Happening[];
  /** How each sender signs at that hour. */
  readonly senders: (hour: number) => readonly Signature[];
  /** The hours in which the receiver may ask to send again, because the secret cannot be used; left out: never. */
  readonly unavailable?: readonly [from: number, to: number];
  /** A key that ends: someone tries it with every environment from the first hour on, and it opens nothing from the second on. */
  readonly ended?: { readonly key: string; readonly usedFrom: number; readonly from: number };
}

/** One sender signs with the new key from the moment it is stored, another keeps the old one so long, in hours. */
const KEPT = 20;
const GRACE = 24;
const MINUTE = 1 / 60;
/** A key that is taken away may serve so long, in hours. */
const TTL = 5 * MINUTE;

const A = 'key-a-0123456789';
const B = 'key-b-0123456789';
const C = 'key-c-0123456789';
const WRONG = 'key-wrong-0123456789';
const QUICK = { key: 'quick-key-0123456789', integration: 'quick' };
const SLOW = { key: 'slow-key-0123456789', integration: 'slow' };
/** No environment can begin with it. */
const BROKEN = '{"quick":';

const put = (value: unknown) => (fleet: Fleet) =>
  fleet.put(typeof value === 'string' ? value : JSON.stringify(value));

const fail =
  (...stages: Fleet['failing']) =>
  (fleet: Fleet) => {
    fleet.failing = stages;
  };
const mend = fail();

const replaceOne = (fleet: Fleet) => void fleet.environments.splice(0, 1, fleet.start());

/** Both sign with a key until that hour, and with another from then on. */
const together =
  (at: number, before: string, after: string) =>
  (hour: number): readonly Signature[] => {
    const key = hour < at ? before : after;
    return [{ key }, { key }];
  };

/** The first one switches at that hour, the second one later. */
const switched =
  (at: number, before: string, after: string) =>
  (hour: number): readonly Signature[] => [
    { key: hour < at ? before : after },
    { key: hour < at + KEPT ? before : after },
  ];

/** The key is in use at the end of its grace period. */
const ends = (key: string, from: number) => ({ key, usedFrom: from, from });
/** The key is known to others, who use it from the beginning. */
const leaked = (from: number) => ({ key: A, usedFrom: 0, from });

export const SCENES: readonly Scene[] = [
  {
    name: 'rotated',
    before: A,
    events: [{ hour: 1, act: put(B) }],
    senders: switched(1, A, B),
    ended: ends(A, 1 + GRACE),
  },
  {
    name: 'rotated twice',
    before: A,
    events: [
      { hour: 0.5, act: put(B) },
      { hour: 1, act: put(C) },
    ],
    // The store keeps one key before the current one: the slow sender is a key behind, not two.
    senders: (hour) => [
      { key: hour < 0.5 ? A : hour < 1 ? B : C },
      { key: hour < 0.5 ? A : hour < KEPT ? B : C },
    ],
    ended: ends(B, 1 + GRACE),
  },
  {
    name: 'a key stored right after a due refresh',
    before: A,
    events: [
      {
        hour: 1,
        async act(fleet) {
          fleet.pass(5 * 60_000);
          for (const { receive } of fleet.environments) await receive(A);
          fleet.put(B);
        },
      },
    ],
    senders: switched(1, A, B),
    ended: ends(A, 1 + TTL + GRACE),
  },
  {
    name: 'a wrong key stored, mended after two hours',
    before: A,
    events: [
      { hour: 1, act: put(WRONG) },
      { hour: 3, act: put(A) },
    ],
    senders: together(0, A, A),
    ended: ends(WRONG, 3 + GRACE),
  },
  {
    name: 'a broken value stored, mended after two hours; one environment starts in between',
    before: A,
    events: [
      { hour: 1, act: put(BROKEN) },
      { hour: 2, act: replaceOne },
      // The old key first: it has to be the previous one.
      { hour: 3, act: put(A) },
      { hour: 3, act: put(B) },
    ],
    senders: together(3, A, B),
    unavailable: [1, 3],
    ended: ends(A, 3 + GRACE),
  },
  {
    name: 'labels rolled back to the version before; one environment starts after it',
    before: A,
    events: [
      { hour: 1, act: put(B) },
      { hour: 3, act: (fleet) => fleet.promote('AWSPREVIOUS') },
      { hour: 3, act: replaceOne },
    ],
    senders: (hour) => [{ key: hour < 1 || hour >= 3 ? A : B }, { key: hour < 1 || hour >= KEPT ? A : B }],
    // B is the later one of both.
    ended: ends(B, 1 + GRACE),
  },
  {
    name: 'a version promoted that was stored 48 hours before',
    before: A,
    prepare(fleet) {
      fleet.stage(B);
      fleet.pass(48 * 3_600_000);
    },
    events: [{ hour: 1, act: (fleet) => fleet.promote(STAGED) }],
    // Both versions are older than the grace period: what is signed with the old key from now on would be refused.
    senders: together(1, A, B),
    ended: { key: A, usedFrom: 1, from: 1 + TTL },
  },
  {
    name: 'a list: a second key added, the first one removed after two hours',
    before: A,
    events: [
      { hour: 1, act: put([A, B]) },
      { hour: 3, act: put([B]) },
    ],
    senders: switched(1, A, B),
    ended: ends(A, 3 + GRACE),
  },
  {
    name: 'names stored in place of a key',
    before: A,
    events: [{ hour: 1, act: put({ [QUICK.integration]: QUICK.key, [SLOW.integration]: SLOW.key }) }],
    senders: (hour) => [hour < 1 ? { key: A } : QUICK, hour < KEPT ? { key: A } : SLOW],
    ended: ends(A, 1 + GRACE),
  },
  {
    name: 'names with lists: a key added for one of them, the old one removed after two hours',
    before: JSON.stringify({ quick: A, slow: SLOW.key }),
    events: [
      { hour: 1, act: put({ quick: [A, B], slow: SLOW.key }) },
      { hour: 3, act: put({ slow: [SLOW.key], quick: [B] }) },
    ],
    senders: (hour) => [{ key: hour < KEPT ? A : B, integration: 'quick' }, SLOW],
    ended: ends(A, 3 + GRACE),
  },
  {
    name: 'AWSPREVIOUS removed two hours after the last sender switched',
    before: A,
    events: [
      { hour: 1, act: put(B) },
      { hour: KEPT + 3, act: (fleet) => fleet.removePrevious() },
    ],
    senders: switched(1, A, B),
    ended: ends(A, KEPT + 3 + TTL),
  },
  {
    name: 'AWSPREVIOUS alone failing, from before the rotation until two hours after it',
    before: A,
    events: [
      { hour: 0.5, act: fail('AWSPREVIOUS') },
      { hour: 1, act: put(B) },
      { hour: 3, act: mend },
    ],
    senders: switched(1, A, B),
    unavailable: [1, 3],
    ended: ends(A, 1 + GRACE),
  },
  {
    name: 'the store failing, from before the rotation until an hour after it',
    before: A,
    events: [
      { hour: 1, act: fail('AWSCURRENT', 'AWSPREVIOUS') },
      { hour: 2, act: put(B) },
      { hour: 3, act: mend },
    ],
    senders: switched(2, A, B),
    unavailable: [1.5, 3],
    ended: ends(A, 2 + GRACE),
  },
  {
    name: 'reading denied for an hour and a half',
    before: A,
    events: [
      { hour: 1, act: fail('AWSCURRENT', 'AWSPREVIOUS') },
      { hour: 2.5, act: mend },
    ],
    senders: together(0, A, A),
    unavailable: [1.5, 2.5],
  },
  {
    name: 'a leaked key overwritten with what cannot be used, a new one stored after two hours',
    before: A,
    events: [
      { hour: 1, act: put(BROKEN) },
      { hour: 3, act: put(B) },
    ],
    senders: together(1, A, B),
    unavailable: [1, 3],
    ended: leaked(1 + TTL),
  },
  {
    name: 'the secret of a leaked key deleted, a new one made after two hours',
    before: A,
    events: [
      { hour: 1, act: (fleet) => fleet.delete() },
      { hour: 3, act: put(B) },
    ],
    senders: together(1, A, B),
    unavailable: [1, 3],
    ended: leaked(1 + TTL),
  },
  {
    name: 'a leaked key replaced and taken out of AWSPREVIOUS',
    before: A,
    events: [
      {
        hour: 1,
        act(fleet) {
          fleet.put(B);
          fleet.removePrevious();
        },
      },
    ],
    senders: together(1, A, B),
    ended: leaked(1 + TTL),
  },
  {
    name: 'a leaked key replaced while reading is denied for an hour and a half',
    before: A,
    events: [
      {
        hour: 1,
        act(fleet) {
          fleet.failing = ['AWSCURRENT', 'AWSPREVIOUS'];
          fleet.put(B);
          fleet.removePrevious();
        },
      },
      { hour: 2.5, act: mend },
    ],
    senders: together(1, A, B),
    unavailable: [1, 2.5],
    // What was held goes on serving, for an hour at the most.
    ended: leaked(2),
  },
];
