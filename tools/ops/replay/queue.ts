import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { nameOf } from '../../cli/failure.ts';

/** SQS handles no more messages in one call. */
const BATCH = 10;
/** For how long a message is hidden, in seconds. What a run that is killed leaves hidden shows up again after it. */
const HIDE_S = { least: 300, most: 43_200 };
/** Two empty answers in a row: a single one may come from servers that had none while others had. */
const EMPTY_ANSWERS = 2;
/** What may arrive during a run, or be missing in SQS's approximate count. */
const ARRIVALS = 1_000;

/** Requests that are under way at the same time. */
const CALLS_AT_ONCE = 8;

/** The reason of each failure, by message id. */
type Failures = ReadonlyMap<string, string>;

export type OpenQueue = ReturnType<typeof openQueue>;

/**
 * A queue, looked at by one run. SQS shows a message only by hiding it for a while from everyone else: whoever opens
 * it must {@link OpenQueue.release} it.
 */
export function openQueue(client: SQSClient, queueUrl: string, now: () => number = Date.now) {
  /** Receipt handles of everything that this run has received, by message id; the latest is the valid one. */
  const handles = new Map<string, string>();
  const removed = new Set<string>();
  let more = false;

  /** Every message once, until the queue is empty, the signal comes, or deliveries arrive faster than it looks. */
  async function* batches(signal: AbortSignal): AsyncGenerator<readonly Message[]> {
    const { count } = await size();
    const startedAt = now();
    for (let empty = 0; empty < EMPTY_ANSWERS && !more && !signal.aborted; ) {
      // Not given the signal: what SQS hands out to nobody would stay hidden.
      const messages = await receive(hideFor((now() - startedAt) / 1_000));
      empty = messages.length === 0 ? empty + 1 : 0;
      const fresh = messages.filter(({ MessageId = '' }) => !handles.has(MessageId));
      for (const { MessageId = '', ReceiptHandle = '' } of messages) handles.set(MessageId, ReceiptHandle);
      // SQS may hand out a copy of what was deleted.
      await remove(messages.map(({ MessageId = '' }) => MessageId).filter((id) => removed.has(id)));
      if (fresh.length > 0) yield fresh;
      more = handles.size >= count + ARRIVALS;
    }
  }

  async function receive(VisibilityTimeout: number): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: BATCH,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp', 'AWSTraceHeader'],
      VisibilityTimeout,
      // With any wait SQS asks all of its servers.
      WaitTimeSeconds: 1,
    });
    const { Messages = [] } = await client.send(command);
    return Messages;
  }

  /** Deletes up to ten messages; those that SQS did not, and why. Never throws. */
  async function remove(ids: readonly string[]): Promise<Failures> {
    const failures = await inBatch(ids, (Entries) =>
      client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
    );
    for (const id of ids) if (!failures.has(id)) removed.add(id);
    return failures;
  }

  /** Shows everything that was received and not removed to others again; what it could not, and why. Never throws. */
  async function release(): Promise<Failures> {
    const batches = chunks(
      [...handles.keys()].filter((id) => !removed.has(id)),
      BATCH,
    );
    const failures: [string, string][] = [];
    for (const together of chunks(batches, CALLS_AT_ONCE)) {
      const results = await Promise.all(together.map(show));
      failures.push(...results.flatMap((result) => [...result]));
    }
    return new Map(failures);
  }

  function show(ids: readonly string[]): Promise<Failures> {
    return inBatch(ids, (entries) => {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
    });
  }

  async function inBatch(
    ids: readonly string[],
    call: (
      entries: { Id: string; ReceiptHandle: string }[],
    ) => Promise<{ Failed?: BatchResultErrorEntry[] | undefined }>,
  ): Promise<Failures> {
    if (ids.length === 0) return new Map();
    try {
      const entries = ids.map((id, index) => ({ Id: String(index), ReceiptHandle: handles.get(id) ?? '' }));
      const { Failed = [] } = await call(entries);
      return new Map(Failed.map(({ Id, Code }) => [ids[Number(Id)] ?? '', Code ?? 'no reason']));
    } catch (error) {
      return new Map(ids.map((id) => [id, nameOf(error)]));
    }
  }

  /** About how many it holds, how many of them are hidden from this run, and for how long it keeps one. */
  async function size() {
    const command = new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'MessageRetentionPeriod',
      ],
    });
    const { Attributes = {} } = await client.send(command);
    const visible = Number(Attributes.ApproximateNumberOfMessages ?? 0);
    const hidden = Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
    return { count: visible + hidden, hidden, retentionS: Number(Attributes.MessageRetentionPeriod ?? 0) };
  }

  return {
    batches,
    remove,
    release,
    size,
    /** Whether the run ended because more and more arrived. */
    get more() {
      return more;
    },
  };
}

/** Twice the time that the run took so far: those that come back before it ends get ever fewer. */
function hideFor(elapsedS: number): number {
  return Math.min(Math.max(HIDE_S.least, Math.ceil(elapsedS * 2)), HIDE_S.most);
}

function chunks<T>(items: readonly T[], length: number): T[][] {
  const count = Math.ceil(items.length / length);
  return Array.from({ length: count }, (_, index) => items.slice(index * length, (index + 1) * length));
}
