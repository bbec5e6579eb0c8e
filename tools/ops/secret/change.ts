import { isDeepStrictEqual } from 'node:util';
import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import { printable } from '../../cli/printable.ts';
import { inWords } from './form.ts';
import { keysOf, type Versions } from './versions.ts';

type Keys = readonly StoredKey[];

/** What is to be done; a list without a key takes every key away. */
export interface Change {
  /** The keys of the new AWSCURRENT; undefined: it stays. */
  readonly current: Keys | undefined;
  /** The keys that AWSPREVIOUS is to hold; undefined: those that AWSCURRENT held, as Secrets Manager does it. */
  readonly previous: Keys | undefined;
  /** What a person should agree to first. */
  readonly consequences: readonly string[];
}

/** Stores `given` in the place of all keys, or of those that have its name. */
export function replacing(held: Versions, given: Keys, name: string | undefined): Change {
  if (name !== undefined) refuseUnusable(held, `replace the keys of ${name} in it`);
  const current = keysOf(held.current);
  const others = name === undefined ? [] : current.filter(({ integration }) => integration !== name);
  const next = united(others, given);
  if (isSame(next, current)) {
    throw new Error(
      'expected another key than what is stored, got the same; the previous version is kept as well',
    );
  }
  const names = namesOf(current);
  const change = storing(held, next);
  if (name !== undefined || names.length === 0 || namesOf(given).length > 0) return change;
  const lost = `This replaces the keys of ${printable(names.join(', '))} by a key without a name; --integration NAME replaces those of one name.`;
  return { ...change, consequences: [lost, ...change.consequences] };
}

/** Stores `given` beside the others. */
export function adding(held: Versions, given: Keys): Change {
  refuseUnusable(held, 'add a key to it');
  const current = keysOf(held.current);
  const names = namesOf(current);
  if (names.length > 0 && given.some(({ integration }) => integration === undefined)) {
    throw new Error(
      `expected --integration with the name of the new key, as the stored keys have names (${names.join(', ')}), got none; give it`,
    );
  }
  const next = united(current, given);
  if (isSame(next, current)) throw new Error('expected a new key, got one that is stored already');
  return storing(held, next);
}

/** Takes a key out of the value; as a part of the previous version it works until the grace period ends. */
export function removing(held: Versions, fingerprint: string): Change {
  refuseUnusable(held, 'remove a key from it');
  refuseUnknown(held, fingerprint);
  const current = keysOf(held.current);
  if (!has(current, fingerprint)) {
    throw new Error(
      `expected a key of the current version (${inWords(current)}), got one of the previous version; end it at once with --revoke ${fingerprint}`,
    );
  }
  const next = without(current, fingerprint);
  if (next.length > 0) return storing(held, next);
  throw new Error(
    `expected a key to remain, got the only one; store another first, or end this one at once with --revoke ${fingerprint}`,
  );
}

/** Takes a key out of both versions. The others of the previous one are stored anew, and so get a whole grace period. */
export function revoking(held: Versions, fingerprint: string): Change {
  const [current, previous] = [keysOf(held.current), keysOf(held.previous)];
  const isCurrent = has(current, fingerprint);
  if (!isCurrent && held.previousFailure !== undefined && current.length > 0) {
    // Only AWSPREVIOUS may hold the key. AWSCURRENT, stored again, takes the place of AWSPREVIOUS as a whole.
    return storing(held, current);
  }
  refuseUnknown(held, fingerprint);
  const next = without(current, fingerprint);
  if (isCurrent && next.length === 0) {
    const gap =
      'No key remains: deliveries get 503 until you store another, and Veriff sends them again for a week. To leave no gap, store a new key with --add first.';
    return { current: [], previous: [], consequences: [gap, ...storing(held, []).consequences] };
  }
  const hasEnded = held.previousUntil === undefined && current.length > 0;
  const kept = hasEnded ? [] : without(missing(previous, next), fingerprint);
  const longer = `This stores the other keys of the previous version anew, so that they work until ${held.newPreviousUntil.toISOString()}: ${inWords(kept)}.`;
  return {
    current: isCurrent ? next : undefined,
    previous: kept,
    // While AWSCURRENT can't be used, no key works.
    consequences: kept.length > 0 && current.length > 0 ? [longer] : endOfUnread(held),
  };
}

/** Only AWSCURRENT's keys become AWSPREVIOUS's: what AWSPREVIOUS held until now is tried no longer. */
function storing(held: Versions, next: Keys): Change {
  const { previousUntil } = held;
  const change = { current: next, previous: undefined, consequences: endOfUnread(held) };
  const lost = missing(keysOf(held.previous), [...keysOf(held.current), ...next]);
  if (previousUntil === undefined || lost.length === 0) return change;
  const early = `This ends what the previous version alone holds before its time (${previousUntil.toISOString()}): ${inWords(lost)}.`;
  return { ...change, consequences: [early] };
}

function endOfUnread({ previousFailure }: Versions): readonly string[] {
  if (previousFailure === undefined) return [];
  return [
    `The previous version could not be read (${previousFailure}); this ends whatever it holds, keys that still work as well.`,
  ];
}

function refuseUnusable({ current }: Versions, purpose: string): void {
  if (current === undefined || current.parsed.ok || current.parsed.isPlaceholder) return;
  throw new Error(
    `expected a value that the receiver can use, to ${purpose}, got another: ${current.parsed.problem} Replace it as a whole, without other options`,
  );
}

function refuseUnknown(held: Versions, fingerprint: string): void {
  const [current, previous] = [keysOf(held.current), keysOf(held.previous)];
  if (has(current, fingerprint) || has(previous, fingerprint)) return;
  const inPrevious =
    held.previousFailure === undefined ? inWords(previous) : `could not be read (${held.previousFailure})`;
  throw new Error(
    `expected the fingerprint of a stored key (current version: ${inWords(current)}; previous version: ${inPrevious}), got ${fingerprint}`,
  );
}

const missing = (keys: Keys, others: Keys) =>
  keys.filter(({ secret }) => !others.some((other) => other.secret === secret));

const united = (keys: Keys, given: Keys) => [...missing(keys, given), ...given];

const has = (keys: Keys, fingerprint: string) => keys.some((key) => key.fingerprint === fingerprint);

const without = (keys: Keys, fingerprint: string) => keys.filter((key) => key.fingerprint !== fingerprint);

const namesOf = (keys: Keys) => [...new Set(keys.flatMap(({ integration }) => integration ?? []))];

function isSame(one: Keys, other: Keys): boolean {
  const named = (keys: Keys) =>
    new Set(keys.map(({ secret, integration }) => JSON.stringify([secret, integration])));
  return isDeepStrictEqual(named(one), named(other));
}
