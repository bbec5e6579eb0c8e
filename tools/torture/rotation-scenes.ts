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

const MAP = JSON.stringify({ quick: 'quick-key-0123456789', slow: 'slow-key-0123456789' });

export const SCENES: readonly Scene[] = [
  {
    name: 'rotated',
    before: 'key-a-0123456789',
    events: [{ hour: 1, act: put('key-b-0123456789') }],
    senders: switched(1, 'key-a-0123456789', 'key-b-0123456789'),
    old: signed('key-a-0123456789'),
  },
  {
    name: 'rotated twice',
    before: 'key-a-0123456789',
    events: [
      { hour: 0.5, act: put('key-b-0123456789') },
      { hour: 1, act: put('key-c-0123456789') },
    ],
    // The store keeps one key before the current one: the slow sender is a key behind, not two.
    senders: (hour) => [
      signed(hour < 0.5 ? 'key-a-0123456789' : hour < 1 ? 'key-b-0123456789' : 'key-c-0123456789'),
      signed(hour < 0.5 ? 'key-a-0123456789' : hour < KEPT ? 'key-b-0123456789' : 'key-c-0123456789'),
    ],
    old: signed('key-b-0123456789'),
  },
  {
    name: 'a wrong key stored, mended after two hours',
    before: 'key-a-0123456789',
    events: [
      { hour: 1, act: put('key-wrong-0123456789') },
      { hour: 3, act: put('key-a-0123456789') },
    ],
    senders: () => [signed('key-a-0123456789'), signed('key-a-0123456789')],
    old: signed('key-wrong-0123456789'),
  },
  {
    name: 'a broken value stored, mended after two hours; one environment starts in between',
    before: 'key-a-0123456789',
    events: [
      { hour: 1, act: put(BROKEN) },
      { hour: 2, act: (fleet) => void fleet.environments.splice(0, 1, fleet.start()) },
      // The old key first: it has to be the previous one.
      { hour: 3, act: put('key-a-0123456789') },
      { hour: 3, act: put('key-b-0123456789') },
    ],
    senders: (hour) => [
      signed(hour < 3 ? 'key-a-0123456789' : 'key-b-0123456789'),
      signed(hour < 3 ? 'key-a-0123456789' : 'key-b-0123456789'),
    ],
    old: signed('key-a-0123456789'),
  },
  {
    name: 'the map form stored',
    before: 'key-a-0123456789',
    events: [{ hour: 1, act: put(MAP) }],
    senders: (hour) => [
      hour < 1 ? signed('key-a-0123456789', 'quick') : signed('quick-key-0123456789', 'quick'),
      hour < KEPT ? signed('key-a-0123456789', 'slow') : signed('slow-key-0123456789', 'slow'),
    ],
    old: signed('key-a-0123456789', 'slow'),
  },
  {
    name: 'AWSPREVIOUS removed two hours after the last sender switched',
    before: 'key-a-0123456789',
    events: [
      { hour: 1, act: put('key-b-0123456789') },
      // Deliveries with the old key may still wait for their hour.
      { hour: KEPT + 3, act: (fleet) => fleet.removePrevious() },
    ],
    senders: switched(1, 'key-a-0123456789', 'key-b-0123456789'),
    old: signed('key-a-0123456789'),
  },
  {
    name: 'the store failing, from before the rotation until three hours after it',
    before: 'key-a-0123456789',
    events: [
      { hour: 1, act: fail(true) },
      { hour: 2, act: put('key-b-0123456789') },
      { hour: 5, act: fail(false) },
    ],
    senders: switched(2, 'key-a-0123456789', 'key-b-0123456789'),
    old: signed('key-a-0123456789'),
  },
];
