import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { attempt, bounded, UnavailableError, unlessAborted } from './attempt.ts';
import { parseSecret } from './secret-value.ts';
import type { Key } from './signature.ts';

/** How long a value is used before it is read again. */
const TTL_MS = 5 * 60_000;
/** All that one environment with a value reads, whatever the flood: both versions once, in any 30 seconds. */
const WINDOW_MS = 30_000;
const WINDOW_READS = 2;
/** For one try; a new connection on a cold function takes 100 to 300 ms of it. */
const READ_LIMIT_MS = 800;

type Stage = Key['stage'];

/** One version of the secret. */
export interface SecretVersion {
  readonly id: string | undefined;
  readonly value: string;
  readonly createdAt: Date;
}

/** Reads the version that has this stage now; undefined: none has it. */
export type ReadSecret = (stage: Stage, signal: AbortSignal) => Promise<SecretVersion | undefined>;

/**
 * The keys to try, a set at a time. To ask for the next set is to say that the one before verified nothing: it may
 * cost a read of the secret.
 *
 * @throws UnavailableError when no usable value has ever been read.
 */
export type Keys = (deadline: AbortSignal) => AsyncGenerator<readonly Key[], void, undefined>;

export interface KeysOptions {
  /** How long the previous secret serves after the current one was stored. */
  readonly graceMs: number;
  /** Told of a read that failed while a value read before goes on serving. */
  readonly warn: (message: string, error: unknown) => void;
  readonly now?: () => number;
}

interface Held {
  readonly id: string | undefined;
  readonly keys: readonly Key[];
  readonly createdAt: number;
  readonly readAt: number;
}

/**
 * Starts to read the secret at once and holds it in memory. A failed read is never held.
 * @returns the keys, and `firstRead`, which settles with the read at the start, failed or not
 */
export function createKeys(
  read: ReadSecret,
  { graceMs, warn, now = () => Date.now() }: KeysOptions,
): Keys & { readonly firstRead: Promise<void> } {
  let current: Held | undefined;
  let previous: Held | undefined;
  let refreshing: Promise<Held> | undefined;
  let refreshingSince = 0;
  let rereadAt = Number.NEGATIVE_INFINITY;
  /** The last reads since there is a value. */
  let reads: readonly number[] = [];

  const within = (ms: number, at: number) => now() - at < ms;

  const readsInWindow = () => reads.filter((at) => within(WINDOW_MS, at)).length;

  async function readVersion(stage: Stage, signal: AbortSignal): Promise<Held> {
    const readAt = now();
    if (current !== undefined) reads = [...reads.slice(1 - WINDOW_READS), readAt];
    const version = await read(stage, signal);
    // An answer after its time must not replace what a later read found.
    signal.throwIfAborted();
    return { ...holdable(version, stage), readAt };
  }

  async function readCurrent(signal: AbortSignal): Promise<Held> {
    const held = await readVersion('AWSCURRENT', signal);
    if (held.id !== current?.id) previous = undefined;
    current = held;
    return held;
  }

  async function readPrevious(signal: AbortSignal): Promise<Held> {
    previous = await readVersion('AWSPREVIOUS', signal);
    return previous;
  }

  function refresh(): Promise<Held> {
    if (refreshing === undefined) refreshingSince = now();
    refreshing ??= attempt(readCurrent, { limitMs: READ_LIMIT_MS }).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  /** The value in memory, read again when it is stale; one that can't be read again goes on serving. */
  async function latest(deadline: AbortSignal): Promise<Held> {
    const held = current;
    if (held !== undefined && (within(TTL_MS, held.readAt) || readsInWindow() > 0)) return held;
    // A read under way for longer than it may last: the environment was frozen, and its connection may be dead.
    const thawed = refreshing !== undefined && !within(2 * READ_LIMIT_MS, refreshingSince);
    try {
      const read = unlessAborted(deadline, refresh());
      return await (thawed ? read.catch(() => unlessAborted(deadline, refresh())) : read);
    } catch (error) {
      if (held === undefined)
        throw new UnavailableError('secret', 'The secret cannot be used.', { cause: error });
      warn('The secret cannot be read again. The value that was read before goes on serving.', error);
      return held;
    }
  }

  /** Reads after a mismatch, as often as the window allows. */
  async function reread(
    version: (signal: AbortSignal) => Promise<Held>,
    deadline: AbortSignal,
  ): Promise<Held | undefined> {
    while (readsInWindow() < WINDOW_READS) {
      try {
        return await bounded(version, { limitMs: READ_LIMIT_MS, deadline });
      } catch (error) {
        warn('The secret cannot be read after a mismatch.', error);
      }
    }
    return undefined;
  }

  const knownPrevious = () =>
    previous !== undefined && within(TTL_MS, previous.readAt) ? previous : undefined;

  const inGrace = (held: Held) => within(graceMs, held.createdAt);

  const lacksPrevious = (held: Held) => inGrace(held) && knownPrevious() === undefined;

  const known = (held: Held) =>
    inGrace(held) ? [...held.keys, ...(knownPrevious()?.keys ?? [])] : held.keys;

  const firstRead = refresh().then(
    () => {},
    () => {
      // The first delivery reads again and says what is wrong.
    },
  );

  async function* keys(deadline: AbortSignal) {
    let held = await latest(deadline);
    yield known(held);
    // When the current version is fresh, the last read is kept for the previous one: it may be the one that signed.
    const kept = within(WINDOW_MS, held.readAt) && lacksPrevious(held) ? 1 : 0;
    let isUnread = false;
    if (!within(WINDOW_MS, rereadAt) && readsInWindow() + kept < WINDOW_READS) {
      rereadAt = now();
      const latestHeld = await reread(readCurrent, deadline);
      isUnread = latestHeld === undefined;
      held = latestHeld ?? held;
      yield known(held);
    }
    if (lacksPrevious(held)) {
      isUnread ||= (await reread(readPrevious, deadline)) === undefined;
      yield known(held);
    }
    // Nobody is called a forger while the key that may have signed cannot be read.
    if (isUnread) throw new UnavailableError('secret', 'The secret cannot be read after a mismatch.');
  }

  return Object.assign(keys, { firstRead });
}

/** The keys of a version. A previous version that can't be used is none; without a current one nothing works. */
function holdable(version: SecretVersion | undefined, stage: Stage): Omit<Held, 'readAt'> {
  if (version === undefined) {
    if (stage === 'AWSPREVIOUS') return { id: undefined, keys: [], createdAt: 0 };
    throw new UnavailableError(
      'secret',
      `Expected a version of the secret with the stage ${stage}, found none. Store the shared secret.`,
    );
  }
  const parsed = parseSecret(version.value, stage);
  if (!parsed.ok && stage === 'AWSCURRENT') {
    throw new UnavailableError('secret', parsed.problem, { isPlaceholder: parsed.isPlaceholder });
  }
  return { id: version.id, keys: parsed.ok ? parsed.keys : [], createdAt: version.createdAt.getTime() };
}

/** Reads from Secrets Manager. */
export function readFrom(client: SecretsManagerClient, secretId: string): ReadSecret {
  return async (stage, abortSignal) => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    try {
      const { SecretString, CreatedDate, VersionId } = await client.send(command, { abortSignal });
      if (SecretString === undefined || CreatedDate === undefined) {
        throw new UnavailableError(
          'secret',
          'Expected the secret to be a string, got another. Store it as a string.',
        );
      }
      return { id: VersionId, value: SecretString, createdAt: CreatedDate };
    } catch (error) {
      if (stage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
}
