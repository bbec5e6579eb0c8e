import type { SQSClient } from '@aws-sdk/client-sqs';
import { createQueues } from '../../functions/receiver/queue.ts';
import type { Progress } from '../progress.ts';
import type { Stack } from '../stack.ts';
import { openQuarantine } from './quarantine.ts';
import { type Action, replay } from './replay-quarantine.ts';
import { createTally, lines } from './report.ts';

/** The receiver has a second for one try; a person's line may be slow, and nobody waits. */
const SEND_LIMIT_MS = 25_000;

export interface QuarantineRun {
  readonly stack: Stack;
  readonly client: SQSClient;
  readonly action: Action;
  /** Prints the bodies. */
  readonly show: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** One run over quarantine, told to a person. Whether everything that was asked for is done. */
export async function replayQuarantine(run: QuarantineRun): Promise<boolean> {
  const { stack, client, action, show, signal, progress } = run;
  const { QueueUrl: queueUrl, QuarantineQueueUrl: quarantineQueueUrl } = stack.outputs;
  const quarantine = openQuarantine(client, quarantineQueueUrl);
  const { publish } = createQueues(client, {
    queueUrl,
    quarantineQueueUrl,
    traceHeader: () => undefined,
    sendLimitMs: SEND_LIMIT_MS,
  });
  const { count, hidden, retentionS } = await quarantine.size();
  const tally = createTally();
  let leftOver = 0;
  progress.show(`Looking into the quarantine of ${stack.name}, about ${count} deliveries`);

  try {
    await replay({
      action,
      quarantine,
      publish,
      signal,
      onLeftOver() {
        leftOver += 1;
      },
      onEntry(entry, fate) {
        tally.add(entry, fate);
        progress.clear();
        console.log(lines(entry, fate, show));
        progress.show(`${tally.total} of about ${Math.max(count, tally.total)} deliveries`);
      },
    });
  } finally {
    progress.clear();
    const { size } = await quarantine.release();
    if (size > 0)
      console.log(`${size} could not be shown again at once; SQS shows them when their time is over.`);
  }

  console.log(tally.summary(action));
  if (leftOver > 0) {
    const removed = action === 'apply' ? 'removed' : 'left out; --apply removes them';
    console.log(`Probes that an interrupted "npm run doctor" left behind: ${leftOver}, ${removed}.`);
  }
  if (signal.aborted) console.log('Interrupted: the others were left as they are.');
  if (quarantine.more) console.log('More arrived meanwhile than can be looked at in one run: run it again.');
  if (hidden > 0) {
    console.log(
      `About ${hidden} more are hidden: another run is looking at them, or was killed minutes ago.`,
    );
  }
  const oldest = tally.oldest();
  if (oldest !== undefined) {
    const end = new Date(oldest.getTime() + retentionS * 1_000).toISOString();
    console.log(`SQS deletes the oldest at ${end}.`);
  }
  if (!tally.ok) console.log('Stopped there, and nothing is lost: mend the cause and run it again.');
  return tally.ok;
}
