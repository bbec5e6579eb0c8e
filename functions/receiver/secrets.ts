import { attempt, UnavailableError, unlessAborted } from './attempt.ts';
import { parseSecretValue, type StoredKey } from './secret-value.ts';
import { type ReadSecret, type SecretVersion, type Stage, UnusableSecretError } from './secret-version.ts';
import type { Key } from './signature.ts';

/** How long the keys are used before the secret is read again: a key that was taken away ends after this time. */
const TTL_MS = 5 * 60_000;
/** How long they are used while the secret cannot be read, from the last time that it could. */
const OUTAGE_MS = 60 * 60_000;
/** Between two refreshes for a signature that no key made, and between two tries at a secret that cannot be read. */
const PAUSE_MS = 30_000;
/** For one try; a new connection on a cold function takes 100 to 300 ms of it. */
const READ_LIMIT_MS = 800;

/**
 * The stored key that `matching` finds; undefined: none that is stored.
 * @throws UnavailableError when no key can be had, or when none matches and the secret could not be refreshed.
 */
export type FindKey = (
  matching: (keys: readonly Key[]) => Key | undefined,
  deadline: AbortSignal,
) => Promise<Key | undefined>;

export interface KeysOptions {
  /** How long the previous version serves after the later of both versions was created. */
  readonly graceMs: number;
  /** Told of a refresh that failed while keys read before go on serving, or that ended them. */
  readonly warn: (message: string, error: unknown) => void;
  readonly now?: () => number;
}

interface Version {
  readonly id: string | undefined;
  readonly keys: readonly Key[];
  readonly createdAt: number;
  readonly readAt: number;
}

/**
 * Holds the keys of the secret, and begins to read it at once.
 * @returns how to find a key, and `firstRead`, which settles with the read at the start, failed or not
 */
export function createKeys(read: ReadSecret, { graceMs, warn, now = () => Date.now() }: KeysOptions) {
  const state = {
    current: undefined as Version | undefined,
    previous: undefined as Version | undefined,
    /** Why the last refresh did not read all that it asked for. */
    failure: undefined as unknown,
    dueAt: 0,
    refreshing: undefined as Promise<void> | undefined,
    refreshedForMismatchAt: Number.NEGATIVE_INFINITY,
  };

  const serves = (version: Version | undefined) =>
    version !== undefined && now() - version.readAt < OUTAGE_MS ? version : undefined;

  /** The keys to try now. */
  function usable(): readonly Key[] {
    const current = serves(state.current);
    if (current === undefined) {
      throw new UnavailableError('secret', 'The secret cannot be used.', { cause: state.failure });
    }
    const previous = serves(state.previous);
    if (previous === undefined) return current.keys;
    const graceEndsAt = Math.max(current.createdAt, previous.createdAt) + graceMs;
    return now() < graceEndsAt ? [...current.keys, ...previous.keys] : current.keys;
  }

  async function readCurrent(readAt: number): Promise<Version> {
    const version = await attempt((signal) => read('AWSCURRENT', signal), { limitMs: READ_LIMIT_MS });
    if (version === undefined) {
      throw new UnusableSecretError(
        'There is no such secret, or no version of it is AWSCURRENT. Store the shared secret key.',
      );
    }
    const value = parseSecretValue(version.value);
    if (!value.ok) throw new UnusableSecretError(value.problem, value);
    return held(version, value.keys, 'AWSCURRENT', readAt);
  }

  async function readPrevious(readAt: number): Promise<Version | undefined> {
    const version = await attempt((signal) => read('AWSPREVIOUS', signal), { limitMs: READ_LIMIT_MS });
    if (version === undefined) return undefined;
    const value = parseSecretValue(version.value);
    return value.ok ? held(version, value.keys, 'AWSPREVIOUS', readAt) : undefined;
  }

  /** Never rejects. */
  async function refresh(withPrevious: boolean): Promise<void> {
    const readAt = now();
    const [current, previous] = await Promise.allSettled([
      readCurrent(readAt),
      withPrevious ? readPrevious(readAt) : undefined,
    ]);
    state.failure = [current, previous].find((result) => result.status === 'rejected')?.reason;
    if (current.status === 'fulfilled') {
      const isSame = current.value.id === state.current?.id;
      state.previous = previous.status === 'fulfilled' ? previous.value : isSame ? state.previous : undefined;
      state.current = current.value;
      state.dueAt = readAt + TTL_MS;
      if (previous.status === 'rejected') warn('The version AWSPREVIOUS could not be read.', previous.reason);
      return;
    }
    state.dueAt = now() + PAUSE_MS;
    if (state.current === undefined) return;
    if (current.reason instanceof UnusableSecretError) {
      state.current = state.previous = undefined;
      warn('The secret is no longer usable: the keys that were read before have ended.', current.reason);
    } else {
      warn(
        'The secret could not be read: the keys that were read before serve for an hour at most.',
        current.reason,
      );
    }
  }

  /** The refresh that is under way, or one that begins now. */
  function refreshing(withPrevious = graceMs > 0): Promise<void> {
    state.refreshing ??= refresh(withPrevious).finally(() => {
      state.refreshing = undefined;
    });
    return state.refreshing;
  }

  const isDue = () => now() >= state.dueAt || serves(state.current) === undefined;

  /** Whether a signature that no key made may cause a read now. A refresh that is under way costs nothing more. */
  function mayRefresh(): boolean {
    if (state.refreshing !== undefined) return true;
    if (now() - state.refreshedForMismatchAt < PAUSE_MS) return false;
    state.refreshedForMismatchAt = now();
    return true;
  }

  const findKey: FindKey = async (matching, deadline) => {
    // A read from before this delivery may be older than the key that signed it, or hang since a freeze.
    const older = state.refreshing;
    let isFresh = false;
    const refreshed = async () => {
      const joined = refreshing();
      await unlessAborted(deadline, joined).catch((cause) => {
        throw new UnavailableError('secret', 'The secret was not read in time.', { cause });
      });
      isFresh = joined !== older;
    };

    while (isDue() && !isFresh) await refreshed();
    let key = matching(usable());
    const mismatchedBefore = state.refreshedForMismatchAt;
    while (key === undefined && !isFresh && mayRefresh()) {
      await refreshed();
      key = matching(usable());
    }
    // A refresh that found the key was no forger's doing: the next new key works at once, too.
    if (key !== undefined) state.refreshedForMismatchAt = mismatchedBefore;
    if (key !== undefined || state.failure === undefined) return key;
    // Not a refusal: a version that could not be read may hold the key.
    throw new UnavailableError('secret', 'No key matches, and the secret could not be refreshed.', {
      cause: state.failure,
    });
  };

  // Hardly any environment ever needs the previous version: the read at its start leaves it out.
  return { findKey, firstRead: refreshing(false) };
}

function held(
  { id, createdAt }: SecretVersion,
  keys: readonly StoredKey[],
  stage: Stage,
  readAt: number,
): Version {
  return { id, keys: keys.map((key) => ({ ...key, stage })), createdAt: createdAt.getTime(), readAt };
}
