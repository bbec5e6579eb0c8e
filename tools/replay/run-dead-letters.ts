import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Progress } from '../progress.ts';
import type { Stack } from '../stack.ts';
import { isUnderWay, moveDeadLetters, readDeadLetters } from './dead-letters.ts';

export interface DeadLettersRun {
  readonly stack: Stack;
  readonly client: SQSClient;
  /** Moves them; otherwise they are only counted. */
  readonly apply: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** The way back for dead letters, told to a person. Whether everything that was asked for is done. */
export async function replayDeadLetters(run: DeadLettersRun): Promise<boolean> {
  const { stack, client, apply, signal, progress } = run;
  const deadLetters = await readDeadLetters(client, stack.outputs.DeadLetterQueueUrl).catch(explain);
  const { count, latest } = deadLetters;
  const underWay = isUnderWay(latest);
  console.log(`In the dead-letter queue: about ${count}.${underWay ? ' A move is under way.' : ''}`);
  if (!apply || (count === 0 && !underWay)) return true;

  const moved = await moveDeadLetters(client, {
    deadLetters,
    destinationArn: stack.outputs.QueueArn,
    signal,
    onProgress: (done, all) => progress.show(`${done} of about ${all} moved`),
  });
  progress.clear();
  switch (moved.kind) {
    case 'completed':
      console.log(`Moved ${moved.count} back to the queue.`);
      return true;
    case 'failed':
      console.log(`Moved ${moved.count} back to the queue, then SQS stopped: ${moved.why}. The others stay.`);
      return false;
    case 'unwatched':
      console.log('SQS goes on moving them; run the same command again to watch.');
      return false;
  }
}

function explain(error: unknown): never {
  if (error instanceof Error && error.name === 'InvalidAction') {
    const message =
      'expected an SQS that moves messages, got one without message move tasks; the local stack has none, use --stack';
    throw new Error(message, { cause: error });
  }
  throw error;
}
