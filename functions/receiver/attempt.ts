import { setTimeout as sleep } from 'node:timers/promises';

/** A service that a delivery needs did not do its part in time; Veriff sends the delivery again. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  readonly dependency: 'secret' | 'queue';
  /** The secret was never stored. */
  readonly isPlaceholder: boolean;

  constructor(
    dependency: 'secret' | 'queue',
    message: string,
    options: ErrorOptions & { readonly isPlaceholder?: boolean } = {},
  ) {
    super(message, options);
    this.dependency = dependency;
    this.isPlaceholder = options.isPlaceholder ?? false;
  }
}

/** Spreads the second tries of environments that failed together; long enough for a broken connection to be gone. */
const PAUSE_MS = { least: 20, spread: 60 };

export interface Limits {
  /** For one try, in milliseconds. */
  readonly limitMs: number;
  /** Ends every try; undefined: nobody waits for an answer yet. */
  readonly deadline?: AbortSignal;
}

/**
 * Calls a service, and once more if it fails in any way. Each try has `limitMs`, both have until `deadline`.
 *
 * The SDK's own retries are off: they can't end an answer that stalls after its headers, they do not try again after
 * an answer that can't be read, and their token bucket runs dry in an outage.
 *
 * @throws what the last try threw; the signal's reason when time ran out.
 */
export async function attempt<T>(task: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<T> {
  try {
    return await bounded(task, limits);
  } catch (error) {
    if (limits.deadline?.aborted) throw error;
    await sleep(PAUSE_MS.least + Math.random() * PAUSE_MS.spread);
    return bounded(task, limits);
  }
}

/** Calls a service once, with `limitMs` for it and not beyond `deadline`. */
export async function bounded<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { limitMs, deadline }: Limits,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  const signal = deadline === undefined ? limit : AbortSignal.any([deadline, limit]);
  return unlessAborted(signal, task(signal));
}

/** The promise's result, unless the signal comes first: a promise that ignores its signal holds nobody up. */
export async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
