import type { EventEmitter } from 'node:events';

/** What a program exits with that Ctrl-C ended. */
export const INTERRUPTED = 130;
/** `npm run` hands a Ctrl-C on that the terminal has sent to this program, too. */
const SAME_PRESS_MS = 1_000;

/**
 * Calls `first` at the first Ctrl-C (or SIGTERM), `second` at the next, which ends the program when left out.
 * @returns takes the listeners off again
 */
export function listen(
  {
    first,
    second = () => process.exit(INTERRUPTED),
  }: { readonly first: () => void; readonly second?: () => void },
  program: Pick<EventEmitter, 'on' | 'removeListener'> = process,
  now: () => number = Date.now,
): () => void {
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = now();
      first();
    } else if (now() - firstAt >= SAME_PRESS_MS) second();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) program.on(signal, onSignal);
  return () => {
    for (const signal of signals) program.removeListener(signal, onSignal);
  };
}
