import type { WriteStream } from 'node:tty';

const TERMINAL_MS = 100;
/** In a log each text is a line that stays. */
const LOG_MS = 5_000;
const ERASE_LINE = '\r\u001b[2K';

/** How far long work has come, on stderr: stdout is for results. */
export function createProgress(
  stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean } = process.stderr,
  now: () => number = Date.now,
) {
  const terminal = stream.isTTY === true;
  let shownAt = terminal ? Number.NEGATIVE_INFINITY : now();
  let visible = false;
  return {
    /** Replaces what was shown last; not more than a few times a second on a terminal, now and then elsewhere. */
    show(text: string): void {
      if (now() - shownAt < (terminal ? TERMINAL_MS : LOG_MS)) return;
      shownAt = now();
      visible = terminal;
      stream.write(terminal ? `${ERASE_LINE}${text}` : `${text}\n`);
    },
    /** Takes it off the terminal, before something else is printed. */
    clear(): void {
      if (visible) stream.write(ERASE_LINE);
      visible = false;
    },
  };
}
