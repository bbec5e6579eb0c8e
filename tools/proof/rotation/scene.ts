import type { Fleet } from './fleet.ts';

/** The key, and the name under which it is stored, which the receiver is to label the event with. */
export interface Signature {
  readonly key: string;
  readonly integration?: string;
}

type Act = (fleet: Fleet) => void | Promise<void>;
type Senders = (hour: number) => readonly Signature[];

/** What is done to the secret while it is used. All times are hours after the scene began. */
export interface Scene {
  readonly name: string;
  /** The secret's value at the beginning; {@link A} when left out. */
  readonly before?: string;
  /** Done before the scene. */
  readonly prepare?: Act;
  /** In the order of the hours. */
  readonly changes: readonly { readonly hour: number; readonly acts: readonly Act[] }[];
  /** How each sender signs at that hour. */
  readonly senders: Senders;
  /** When the receiver may ask to send again, because the secret cannot be used; left out: never. */
  readonly unavailable?: readonly [from: number, to: number];
  /** A key that ends: someone tries it with every environment from the first hour on, and it opens nothing from the second on. */
  readonly ended?: { readonly key: string; readonly usedFrom: number; readonly from: number };
}

export const A = 'key-a-0123456789';
export const B = 'key-b-0123456789';

/** One sender signs with the new key from the moment it is stored, another keeps the old one so long. */
export const KEPT = 20;
export const GRACE = 24;
/** A key that is taken away may serve so long. */
export const TTL = 5 / 60;

export const at = (hour: number, ...acts: readonly Act[]) => ({ hour, acts });
export const put = (value: unknown) => (fleet: Fleet) =>
  fleet.put(typeof value === 'string' ? value : JSON.stringify(value));
export const fail =
  (...stages: Parameters<Fleet['fail']>) =>
  (fleet: Fleet) =>
    fleet.fail(...stages);
export const deny = fail('AWSCURRENT', 'AWSPREVIOUS');
export const mend = fail();
export const promote = (label: string) => (fleet: Fleet) => fleet.promote(label);
export const removePrevious: Act = (fleet) => fleet.removePrevious();
export const replaceOne: Act = (fleet) => void fleet.environments.splice(0, 1, fleet.start());
export const refresh: Act = async (fleet) => {
  fleet.pass(5 * 60_000);
  for (const { receive } of fleet.environments) await receive(A);
};

/** Both sign with a key until that hour, and with another from then on. */
export const together =
  (hour: number, before: string, after: string): Senders =>
  (now) => {
    const key = now < hour ? before : after;
    return [{ key }, { key }];
  };
/** The first one switches from A to B at that hour, the second one later. */
const switched =
  (hour: number): Senders =>
  (now) => [{ key: now < hour ? A : B }, { key: now < hour + KEPT ? A : B }];

/** Somebody uses the key when its grace period ends. */
export const ends = (key: string, from: number) => ({ ended: { key, usedFrom: from, from } });
/** A is replaced by B. */
export const rotated = (name: string, hour: number, changes: Scene['changes'], endsAt: number): Scene => ({
  ...{ name, changes, senders: switched(hour), ...ends(A, endsAt) },
});
/** A is known to others, who use it from the beginning; both senders switch to B when something is done about it. */
export const leaked = (
  name: string,
  changes: Scene['changes'],
  unavailable: readonly [number, number] = [0, 0],
  from = 1 + TTL,
): Scene => ({
  ...{ name, changes, senders: together(1, A, B), unavailable },
  ended: { key: A, usedFrom: 0, from },
});
