import { setTimeout as sleep } from 'node:timers/promises';

/** A service that a delivery needs did not do its part in time; Veriff sends the delivery again. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
  readonly dependency: 'secret' | 'queue';

  constructor(dependency: 'secret' | 'queue', message: string, options?: ErrorOptions) {
    super(message, options);
    this.dependency = dependency;
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
async function bounded<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { limitMs, deadline }: Limits,
): Promise<T> {
  return withTimeout(limitMs, (signal) => unlessAborted(signal, task(signal)), deadline);
}

/**
 * Gives a task a signal that aborts after `ms`, or with `outer`. Unlike `AbortSignal.timeout` and `any`, nothing of it
 * is left when the task is done: a busy environment would carry the clocks of thousands of deliveries.
 */
export async function withTimeout<T>(
  ms: number,
  task: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const follow = () => controller.abort(outer?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`Not done in ${ms} ms.`, 'TimeoutError')),
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
