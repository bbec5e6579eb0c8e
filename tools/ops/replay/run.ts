import { printable } from '../../cli/printable.ts';
import type { createProgress } from '../../cli/progress.ts';
import { openQueue } from '../open-queue.ts';
import { bodyText, type Entry, headlineOf, isLeftOver, isProbe, toEntry } from './entry.ts';
import { type Action, createFateOf, type Destination, type Fate } from './fate.ts';
import { type Source, stateOf } from './source.ts';

/** What may arrive during a run, or be missing in SQS's approximate count. */
const ARRIVALS = 1_000;
/** Messages that are sent one after the other, a minute each at most, are hidden together for five. */
const ORDERED_AT_ONCE = 4;

export interface ReplayRun {
  readonly stack: Destination;
  readonly source: Source;
  readonly action: Action;
  readonly show: boolean;
  /** Ends the run after the messages under way. */
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof createProgress>;
  /** Each message, and what became of it. */
  readonly list: (text: string) => void;
  /** What became of all. */
  readonly print: (text: string) => void;
}

/**
 * Goes through a queue once, and tells a person. Never removes a message before SQS confirmed its copy, so whatever
 * interrupts it, each lies on one of the queues at least. Ends early when a message can't be sent or removed.
 * @returns whether everything that was asked for is done
 */
export async function replay(run: ReplayRun): Promise<boolean> {
  const { stack, source, action, show, signal, progress, list, print } = run;
  const { where } = source;
  const { count, hidden, retentionS, maxReceives } = await stateOf(stack.sqs, source.url);
  const most = count + ARRIVALS;
  const queue = openQueue(stack.sqs, source.url);
  const fateOf = createFateOf(stack, source, action);
  // On a FIFO queue one after the other: a group keeps its order, and nothing overtakes one that could not be sent.
  const isOrdered = action === 'apply' && stack.outputs.QueueUrl.endsWith('.fifo');
  const counts = new Map<string, number>();
  let total = 0;
  let leftOver = 0;
  let young = 0;
  let isRefused = false;
  let oldest: Date | undefined;

  /** Whether all of it could be moved that should be. */
  async function visitAll(): Promise<boolean> {
    for await (const batch of queue.batches(signal, most, isOrdered ? ORDERED_AT_ONCE : undefined)) {
      const all = batch.map(toEntry);
      // Nobody's events: a doctor's own, which it removes itself unless it was interrupted.
      const probes = all.filter(isProbe);
      const old = probes.filter((entry) => isLeftOver(entry));
      leftOver += old.length;
      young += probes.length - old.length;
      if (action === 'apply') await queue.remove(old.map(({ id }) => id));
      const events = all.filter((entry) => !isProbe(entry));
      for (const together of isOrdered ? events.map((event) => [event]) : [events]) {
        if (!(await visit(together))) return false;
      }
    }
    return !signal.aborted;
  }

  async function visit(entries: readonly Entry[]): Promise<boolean> {
    const fates = await Promise.all(entries.map(async (entry) => ({ entry, fate: await fateOf(entry) })));
    const sent = fates.filter(({ fate }) => fate.kind === 'sent');
    const notRemoved = await queue.remove(sent.map(({ entry }) => entry.id));
    for (const { entry, fate } of fates) {
      const why = notRemoved.get(entry.id);
      tell(entry, why === undefined ? fate : sentNotRemoved(fate, where, why));
    }
    return notRemoved.size === 0 && fates.every(({ fate }) => fate.kind !== 'failed');
  }

  function tell(entry: Entry, { kind, words, details }: Fate): void {
    total += 1;
    isRefused ||= kind === 'refused';
    counts.set(words, (counts.get(words) ?? 0) + 1);
    if (kind !== 'sent' && (oldest === undefined || entry.sentAt < oldest)) oldest = entry.sentAt;
    const body = show ? bodyText(entry).trimEnd().split('\n') : [];
    progress.clear();
    list([headlineOf(entry), ...[...details, ...body].map((line) => `    ${printable(line)}`)].join('\n'));
    progress.show(`${total} of about ${Math.max(count, total)} messages`);
  }

  progress.show(`Looking at what is ${where}, about ${count} messages`);
  let isDone = false;
  try {
    isDone = await visitAll();
  } finally {
    progress.clear();
    await queue.release(print);
  }

  const parts = [...counts].map(([words, times]) => `${times} ${printable(words)}`).join(', ');
  if (total > 0) print(`${total} ${action === 'apply' ? 'looked at' : where}: ${parts}.`);
  if (maxReceives !== undefined && action !== 'apply' && total > 0)
    print(
      `Each look counts as a receive: after ${maxReceives}, SQS moves a message to the queue's own dead-letter queue.`,
    );
  if (leftOver > 0) {
    const removed = action === 'apply' ? 'removed' : 'left out; --apply removes them';
    print(`Probes that an interrupted "npm run doctor" left behind: ${leftOver}, ${removed}.`);
  }
  if (signal.aborted) print('Interrupted: the others were left as they are.');
  if (queue.seen >= most) print('More arrived meanwhile than can be looked at in one run: run it again.');
  if (hidden > 0)
    print(
      `About ${hidden} more are hidden: another run or a subscriber received them, and may still work on them.`,
    );
  const heldBack = isDone && source.url.endsWith('.fifo') ? Math.max(count - hidden - queue.seen, 0) : 0;
  if (heldBack > 0)
    print(
      `About ${heldBack} more were not handed out: those of a group wait behind one that stays, or somebody took them meanwhile.`,
    );
  const isEverySeen = hidden === 0 && heldBack === 0 && queue.seen < most;
  if (young > 0) print(`Probes of a doctor that may still run: ${young}, left alone.`);
  else if (total === 0 && isEverySeen) print(`Nothing to see ${where}.`);
  if (oldest !== undefined) {
    const end = new Date(oldest.getTime() + retentionS * 1_000).toISOString();
    print(`SQS deletes the oldest at ${end}.`);
  }
  if (!isDone && !signal.aborted)
    print('Stopped there, and nothing is lost: mend the cause and run it again.');
  return isDone && !isRefused && (action !== 'apply' || isEverySeen);
}

/** It lies on both queues; the next run sends it again, with the same event id. */
function sentNotRemoved({ words, details }: Fate, where: string, why: string): Fate {
  const still = `${words} but still ${where}`;
  return {
    kind: 'failed',
    words: still,
    details: [`${still} (${why}); the next run sends it again`, ...details],
  };
}
