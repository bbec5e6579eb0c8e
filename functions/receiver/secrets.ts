import { tryTwice, UnavailableError, unlessAborted } from './retry.ts';
import { parseSecretValue, type StoredKey } from './secret-value.ts';
import {
  type ReadSecret,
  type SecretVersion,
  type StagingLabel,
  UnusableSecretError,
} from './secret-version.ts';
import type { Key } from './signature.ts';

/** How long keys are used before the secret is read again, if it can be read. */
const TTL_MS = 5 * 60_000;
/** How long keys are used while the secret cannot be read, counted from the last successful read. */
const OUTAGE_MS = 60 * 60_000;
/**
 * The pause after a refresh for a mismatch that found no key, until a mismatch may cause the next one; and, while there are
 * cached keys, after a refresh that failed.
 */
const REFRESH_PAUSE_MS = 30_000;
/** The time limit of one try. In a cold start, the new connection takes 100 to 300 ms of it. */
const READ_LIMIT_MS = 800;

/**
 * Finds the key that verifies a delivery: calls `matching` with the cached keys and, if none matches, with
 * refreshed keys, unless the refresh must wait; undefined when none of these matches.
 * @throws UnavailableError when there are no keys to try, the deadline ends a refresh, or none matches and a version could
 * not be read again.
 */
export type FindKey = (
  matching: (keys: readonly Key[]) => Key | undefined,
  deadline: AbortSignal,
) => Promise<Key | undefined>;

export interface KeysOptions {
  /** How long keys of AWSPREVIOUS are accepted, counted from the later creation time of the two versions. */
  readonly graceMs: number;
  /** Called when a read fails while keys are cached, or when only the read of AWSPREVIOUS fails. */
  readonly warn: (message: string, error: unknown) => void;
  readonly now?: () => number;
}

interface CachedVersion {
  readonly id: string | undefined;
  readonly keys: readonly Key[];
  readonly createdAt: number;
  readonly readAt: number;
}

/**
 * Caches the keys of the secret, and starts the first read.
 * @returns `findKey`, and `firstRead`, which resolves when the first read has ended, even if it failed
 */
export function createKeyCache(read: ReadSecret, { graceMs, warn, now = () => Date.now() }: KeysOptions) {
  const state = {
    current: undefined as CachedVersion | undefined,
    previous: undefined as CachedVersion | undefined,
    /** The error of the last refresh; undefined when all of its reads succeeded. */
    failure: undefined as unknown,
    dueAt: 0,
    refreshing: undefined as Promise<void> | undefined,
    refreshedForMismatchAt: Number.NEGATIVE_INFINITY,
  };

  const unexpired = (version: CachedVersion | undefined) =>
    version !== undefined && now() - version.readAt < OUTAGE_MS ? version : undefined;

  /** The keys to try now. */
  function usable(): readonly Key[] {
    const current = unexpired(state.current);
    if (current === undefined) {
      throw new UnavailableError('secret', 'The secret cannot be used.', { cause: state.failure });
    }
    const previous = unexpired(state.previous);
    if (previous === undefined) return current.keys;
    const graceEndsAt = Math.max(current.createdAt, previous.createdAt) + graceMs;
    return now() < graceEndsAt ? [...current.keys, ...previous.keys] : current.keys;
  }

  async function readCurrent(readAt: number): Promise<CachedVersion> {
    const version = await tryTwice((signal) => read('AWSCURRENT', signal), { limitMs: READ_LIMIT_MS });
    if (version === undefined) {
      throw new UnusableSecretError(
        'The secret does not exist, or no version of it has the label AWSCURRENT. Store the shared secret key.',
      );
    }
    const value = parseSecretValue(version.value);
    if (!value.ok) throw new UnusableSecretError(value.problem, value);
    return toVersion(version, value.keys, 'AWSCURRENT', readAt);
  }

  async function readPrevious(readAt: number): Promise<CachedVersion | undefined> {
    const version = await tryTwice((signal) => read('AWSPREVIOUS', signal), { limitMs: READ_LIMIT_MS });
    if (version === undefined) return undefined;
    const value = parseSecretValue(version.value);
    return value.ok ? toVersion(version, value.keys, 'AWSPREVIOUS', readAt) : undefined;
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
    state.dueAt = now() + REFRESH_PAUSE_MS;
    if (state.current === undefined) return;
    if (current.reason instanceof UnusableSecretError) {
      state.current = state.previous = undefined;
      warn(
        'The secret is no longer usable: the keys that were read before are no longer accepted.',
        current.reason,
      );
    } else {
      warn(
        'The secret could not be read: the keys that were read before are accepted for one hour at most.',
        current.reason,
      );
    }
  }

  /** Joins the running refresh, or starts one. */
  function joinRefresh(withPrevious = graceMs > 0): Promise<void> {
    state.refreshing ??= refresh(withPrevious).finally(() => {
      state.refreshing = undefined;
    });
    return state.refreshing;
  }

  const isDue = () => now() >= state.dueAt || unexpired(state.current) === undefined;

  /** Claims a refresh for a mismatch; false when it must wait. Joining a running one is always allowed: it adds no read. */
  function claimRefresh(): boolean {
    if (state.refreshing !== undefined) return true;
    if (now() - state.refreshedForMismatchAt < REFRESH_PAUSE_MS) return false;
    state.refreshedForMismatchAt = now();
    return true;
  }

  const findKey: FindKey = async (matching, deadline) => {
    // A refresh that was running before this delivery is not fresh: it may have read the secret before the key was stored,
    // or Lambda may have frozen it.
    const older = state.refreshing;
    let isFresh = false;
    const awaitRefresh = async () => {
      const joined = joinRefresh();
      await unlessAborted(deadline, joined).catch((cause) => {
        throw new UnavailableError('secret', 'The secret was not read in time.', { cause });
      });
      isFresh = joined !== older;
    };

    while (isDue() && !isFresh) await awaitRefresh();
    let key = matching(usable());
    const mismatchedBefore = state.refreshedForMismatchAt;
    while (key === undefined && !isFresh && claimRefresh()) {
      await awaitRefresh();
      key = matching(usable());
    }
    // A refresh that found the key does not count for the pause, so that the next new key also works at once.
    if (key !== undefined) state.refreshedForMismatchAt = mismatchedBefore;
    if (key !== undefined || state.failure === undefined) return key;
    // 503, not 401, when the secret could not be refreshed: the signature may be valid.
    throw new UnavailableError('secret', 'No key matches, and the secret could not be refreshed.', {
      cause: state.failure,
    });
  };

  // The first read leaves out AWSPREVIOUS, because few environments ever need it.
  return { findKey, firstRead: joinRefresh(false) };
}

function toVersion(
  { id, createdAt }: SecretVersion,
  keys: readonly StoredKey[],
  label: StagingLabel,
  readAt: number,
): CachedVersion {
  return { id, keys: keys.map((key) => ({ ...key, label })), createdAt: createdAt.getTime(), readAt };
}
