import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueues } from '../../../functions/receiver/queue.ts';
import type { Progress } from '../../cli/progress.ts';
import type { Stack } from '../stack.ts';
import { type Action, move, type Source } from './move.ts';
import { openQueue } from './queue.ts';
import { createTally, lines } from './report.ts';

/** The receiver has a second for one try; a person's line may be slow, and nobody waits. */
const SEND_LIMIT_MS = 25_000;

export interface ReplayRun {
  readonly stack: Stack;
  readonly source: Source;
  readonly client: SQSClient;
  readonly action: Action;
  /** Prints the bodies. */
  readonly show: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Takes a line, or several, for a person. */
  readonly print: (text: string) => void;
}

/** One run over a queue, told to a person. Whether everything that was asked for is done. */
export async function replay(run: ReplayRun): Promise<boolean> {
  const { stack, source, client, action, show, signal, progress, print } = run;
  const { outputs } = stack;
  const { where } = source;
  const queue = openQueue(client, source.url);
  const { publish } = createQueues(client, {
    queueUrl: outputs.QueueUrl,
    quarantineQueueUrl: outputs.QuarantineQueueUrl,
    traceHeader: () => undefined,
    sendLimitMs: SEND_LIMIT_MS,
  });
  const { count, hidden, retentionS } = await queue.size();
  const tally = createTally(where);
  let leftOver = 0;
  progress.show(`Looking at what is ${where}, about ${count} messages`);

  try {
    await move({
      action,
      source,
      queue,
      client,
      outputs,
      publish,
      signal,
      onLeftOver() {
        leftOver += 1;
      },
      onEntry(entry, fate) {
        tally.add(entry, fate);
        progress.clear();
        print(lines(entry, fate, { where, show }));
        progress.show(`${tally.total} of about ${Math.max(count, tally.total)} messages`);
      },
    });
  } finally {
    progress.clear();
    const { size } = await queue.release();
    if (size > 0) print(`${size} could not be shown again at once; SQS shows them when their time is over.`);
  }

  print(tally.summary(action));
  if (source.maxReceives !== undefined && action !== 'apply' && tally.total > 0) {
    print(
      `Each look counts as a receive: after ${source.maxReceives}, SQS moves a message to the queue's own dead-letter queue.`,
    );
  }
  if (leftOver > 0) {
    const removed = action === 'apply' ? 'removed' : 'left out; --apply removes them';
    print(`Probes that an interrupted "npm run doctor" left behind: ${leftOver}, ${removed}.`);
  }
  if (signal.aborted) print('Interrupted: the others were left as they are.');
  if (queue.more) print('More arrived meanwhile than can be looked at in one run: run it again.');
  if (hidden > 0) {
    print(`About ${hidden} more are hidden: another run is looking at them, or was killed minutes ago.`);
  }
  const oldest = tally.oldest();
  if (oldest !== undefined) {
    const end = new Date(oldest.getTime() + retentionS * 1_000).toISOString();
    print(`SQS deletes the oldest at ${end}.`);
  }
  if (!tally.ok) print('Stopped there, and nothing is lost: mend the cause and run it again.');
  return tally.ok;
}
