import { setTimeout as sleep } from 'node:timers/promises';

/** The secret or a queue cannot be used now. The response is 503, so Veriff sends the delivery again. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
  readonly dependency: 'secret' | 'queue';

  constructor(dependency: 'secret' | 'queue', message: string, options?: ErrorOptions) {
    super(message, options);
    this.dependency = dependency;
  }
}

/**
 * The pause before the second try. It is random, so that execution environments that failed together do not try again
 * together, and long enough for a broken connection to be closed.
 */
const PAUSE_MS = { least: 20, spread: 60 };

export interface Limits {
  /** The time limit of one try, in milliseconds. */
  readonly limitMs: number;
  /** Aborts both tries; left out when no single delivery waits for the result. */
  readonly deadline?: AbortSignal;
}

/**
 * Calls a service, and calls it once more after any failure. Each try may take `limitMs`; both end at `deadline`.
 *
 * It replaces the SDK's retries: they cannot stop a response that stalls after its headers, do not retry a response that
 * cannot be parsed, and stop in an outage, when their token bucket is empty.
 *
 * @throws the error of the last try, or the abort reason of its signal when its time is over.
 */
export async function tryTwice<T>(task: (signal: AbortSignal) => Promise<T>, limits: Limits): Promise<T> {
  try {
    return await bounded(task, limits);
  } catch (error) {
    if (limits.deadline?.aborted) throw error;
    await sleep(PAUSE_MS.least + Math.random() * PAUSE_MS.spread);
    return bounded(task, limits);
  }
}

/** Calls a service once, for `limitMs` at most and not beyond `deadline`. */
async function bounded<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { limitMs, deadline }: Limits,
): Promise<T> {
  return withTimeout(limitMs, (signal) => unlessAborted(signal, task(signal)), deadline);
}

/**
 * Runs a task with a signal that aborts after `ms` or when `outer` aborts. Removes its timer and listener when the task
 * ends. `AbortSignal.timeout` would keep each timer until it expires.
 */
export async function withTimeout<T>(
  ms: number,
  task: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const follow = () => controller.abort(outer?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`Timed out after ${ms} ms.`, 'TimeoutError')),
    ms,
  );
  outer?.addEventListener('abort', follow);
  if (outer?.aborted) follow();
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', follow);
  }
}

/** Waits for the promise, but rejects when the signal aborts, because the task of the promise may ignore its signal. */
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
