import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

const POLL_MS = 1_000;

export interface DeadLetters {
  readonly arn: string;
  /** About how many lie there. */
  readonly count: number;
  /** The latest move out of the queue, under way or over; SQS forgets it after a while. */
  readonly latest: ListMessageMoveTasksResultEntry | undefined;
}

export async function readDeadLetters(client: SQSClient, queueUrl: string): Promise<DeadLetters> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  const { Attributes = {} } = await client.send(command);
  const arn = Attributes.QueueArn ?? '';
  const visible = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  const hidden = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
  return { arn, count: visible + hidden, latest: await latestMove(client, arn) };
}

/** SQS lists the latest first. */
async function latestMove(client: SQSClient, arn: string): Promise<DeadLetters['latest']> {
  const { Results: [latest] = [] } = await client.send(
    new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }),
  );
  return latest;
}

export interface Move {
  readonly deadLetters: DeadLetters;
  readonly destinationArn: string;
  /** Ends the watching only: SQS goes on moving. */
  readonly signal: AbortSignal;
  readonly onProgress: (moved: number, all: number) => void;
  readonly pollMs?: number;
}

export type Moved =
  | { readonly kind: 'completed'; readonly count: number }
  | { readonly kind: 'failed'; readonly count: number; readonly why: string }
  | { readonly kind: 'unwatched' };

/** Lets SQS move every dead letter to the queue, or watches the move that is under way, until it is over. */
export async function moveDeadLetters(client: SQSClient, move: Move): Promise<Moved> {
  const { deadLetters, destinationArn, signal, onProgress, pollMs = POLL_MS } = move;
  const { arn, latest } = deadLetters;
  const isNew = !isUnderWay(latest);
  if (isNew) {
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn, DestinationArn: destinationArn }));
  }
  while (!signal.aborted) {
    const listed = await latestMove(client, arn);
    // The list may lag behind the start, and would tell how an earlier move ended.
    const isOld = isNew && listed?.StartedTimestamp === latest?.StartedTimestamp;
    const task = isOld ? undefined : listed;
    const count = task?.ApproximateNumberOfMessagesMoved ?? 0;
    if (task?.Status === 'COMPLETED') return { kind: 'completed', count };
    if (task !== undefined && !isUnderWay(task)) {
      return { kind: 'failed', count, why: task.FailureReason ?? task.Status ?? 'no reason' };
    }
    onProgress(count, task?.ApproximateNumberOfMessagesToMove ?? deadLetters.count);
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
  return { kind: 'unwatched' };
}

export function isUnderWay(task: DeadLetters['latest']): boolean {
  return task?.Status === 'RUNNING' || task?.Status === 'CANCELLING';
}
