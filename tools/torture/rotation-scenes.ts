import { BROKEN, type Fleet } from './fleet.ts';

export interface Signature {
  readonly key: string;
  readonly integration: string | undefined;
}

/** Something done to the secret, in hours after the scene began; in the order of the hours. */
interface Happening {
  readonly hour: number;
  readonly act: (fleet: Fleet) => void;
}

export interface Scene {
  readonly name: string;
  /** The secret's value at the beginning. */
  readonly before: string;
  readonly events: readonly Happening[];
  /** How each sender signs at that hour. */
  readonly senders: (hour: number) => readonly Signature[];
  /** The key that must have stopped at the end. */
  readonly old: Signature;
}

/** One sender signs with the new key from the moment it is stored, another keeps the old one so long, in hours. */
const KEPT = 20;

const put = (value: string) => (fleet: Fleet) => fleet.put(value);

const fail = (failing: boolean) => (fleet: Fleet) => {
  fleet.failing = failing;
};

const signed = (key: string, integration: string | undefined = undefined): Signature => ({
  key,
  integration,
});

const switched =
  (at: number, before: string, after: string) =>
  (hour: number): readonly Signature[] => [
    signed(hour < at ? before : after),
    signed(hour < at + KEPT ? before : after),
  ];

const MAP = JSON.stringify({ quick: 'quick-key', slow: 'slow-key' });

export const SCENES: readonly Scene[] = [
  {
    name: 'rotated',
    before: 'a',
    events: [{ hour: 1, act: put('b') }],
    senders: switched(1, 'a', 'b'),
    old: signed('a'),
  },
  {
    name: 'rotated twice',
    before: 'a',
    events: [
      { hour: 0.5, act: put('b') },
      { hour: 1, act: put('c') },
    ],
    // The store keeps one key before the current one: the slow sender is a key behind, not two.
    senders: (hour) => [
      signed(hour < 0.5 ? 'a' : hour < 1 ? 'b' : 'c'),
      signed(hour < 0.5 ? 'a' : hour < KEPT ? 'b' : 'c'),
    ],
    old: signed('b'),
  },
  {
    name: 'a wrong key stored, mended after two hours',
    before: 'a',
    events: [
      { hour: 1, act: put('wrong') },
      { hour: 3, act: put('a') },
    ],
    senders: () => [signed('a'), signed('a')],
    old: signed('wrong'),
  },
  {
    name: 'a broken value stored, mended after two hours; one environment starts in between',
    before: 'a',
    events: [
      { hour: 1, act: put(BROKEN) },
      { hour: 2, act: (fleet) => void fleet.environments.splice(0, 1, fleet.start()) },
      // The old key first: it has to be the previous one.
      { hour: 3, act: put('a') },
      { hour: 3, act: put('b') },
    ],
    senders: (hour) => [signed(hour < 3 ? 'a' : 'b'), signed(hour < 3 ? 'a' : 'b')],
    old: signed('a'),
  },
  {
    name: 'the map form stored',
    before: 'a',
    events: [{ hour: 1, act: put(MAP) }],
    senders: (hour) => [
      hour < 1 ? signed('a', 'quick') : signed('quick-key', 'quick'),
      hour < KEPT ? signed('a', 'slow') : signed('slow-key', 'slow'),
    ],
    old: signed('a', 'slow'),
  },
  {
    name: 'AWSPREVIOUS removed two hours after the last sender switched',
    before: 'a',
    events: [
      { hour: 1, act: put('b') },
      // Deliveries with the old key may still wait for their hour.
      { hour: KEPT + 3, act: (fleet) => fleet.removePrevious() },
    ],
    senders: switched(1, 'a', 'b'),
    old: signed('a'),
  },
  {
    name: 'the store failing, from before the rotation until three hours after it',
    before: 'a',
    events: [
      { hour: 1, act: fail(true) },
      { hour: 2, act: put('b') },
      { hour: 5, act: fail(false) },
    ],
    senders: switched(2, 'a', 'b'),
    old: signed('a'),
  },
];
