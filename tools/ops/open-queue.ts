import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { nameOf } from '../cli/failure.ts';

/** SQS handles no more messages in one call. */
const BATCH = 10;
/** For how long a message is hidden, in seconds. What a run that is killed leaves hidden shows up again after it. */
const HIDE_S = { least: 300, most: 43_200 };
/** Two empty answers in a row: a single one may come from servers that had none while others had. */
const EMPTY_ANSWERS = 2;
/** Requests that are under way at the same time. */
const CALLS_AT_ONCE = 8;

type Failures = ReadonlyMap<string, string>;

export type OpenQueue = ReturnType<typeof openQueue>;

/**
 * A queue, looked at by one run. SQS shows a message only by hiding it for a while from everyone else: whoever opens a
 * queue must release it.
 */
export function openQueue(client: SQSClient, QueueUrl: string, now: () => number = Date.now) {
  /** Receipt handles of everything that this run has received, by message id; the latest is the valid one. */
  const handles = new Map<string, string>();
  const removed = new Set<string>();

  /**
   * Every message once. Ends when the queue is empty, at the signal, or when `most` were seen.
   * @param atOnce how many one receive asks for, ten at most
   */
  async function* batches(
    signal: AbortSignal,
    most: number,
    atOnce = BATCH,
  ): AsyncGenerator<readonly Message[]> {
    const startedAt = now();
    for (let empty = 0; empty < EMPTY_ANSWERS && handles.size < most && !signal.aborted; ) {
      // For twice the time that the run took so far: few come back before a long run ends.
      const hideS = Math.ceil(((now() - startedAt) / 1_000) * 2);
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(atOnce, most - handles.size),
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp', 'AWSTraceHeader', 'ApproximateReceiveCount'],
        VisibilityTimeout: Math.min(Math.max(HIDE_S.least, hideS), HIDE_S.most),
        // With any wait SQS asks all of its servers.
        WaitTimeSeconds: 1,
      });
      // Not given the signal: what SQS hands out to nobody would stay hidden.
      const { Messages = [] } = await client.send(command);
      empty = Messages.length === 0 ? empty + 1 : 0;
      const fresh = Messages.filter(({ MessageId = '' }) => !handles.has(MessageId));
      for (const { MessageId = '', ReceiptHandle = '' } of Messages) handles.set(MessageId, ReceiptHandle);
      // SQS may hand out a copy of what was deleted.
      await remove(Messages.map(({ MessageId = '' }) => MessageId).filter((id) => removed.has(id)));
      if (fresh.length > 0) yield fresh;
    }
  }

  /** Deletes up to ten messages; those that SQS did not, and why. Never throws. */
  async function remove(ids: readonly string[]): Promise<Failures> {
    const failures = await inBatch(ids, (Entries) =>
      client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
    );
    for (const id of ids) if (!failures.has(id)) removed.add(id);
    return failures;
  }

  /** Shows everything that was received and not removed to others again; tells and gives how many it could not. */
  async function release(tell: (sentence: string) => void = () => {}): Promise<number> {
    const hidden = [...handles.keys()].filter((id) => !removed.has(id));
    let failed = 0;
    for (const together of chunks(chunks(hidden, BATCH), CALLS_AT_ONCE)) {
      for (const { size } of await Promise.all(together.map(show))) failed += size;
    }
    if (failed > 0)
      tell(`${failed} could not be shown again at once; SQS shows them when their time is over.`);
    return failed;
  }

  function show(ids: readonly string[]): Promise<Failures> {
    return inBatch(ids, (entries) => {
      const Entries = entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      return client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
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

  return {
    batches,
    remove,
    release,
    get seen() {
      return handles.size;
    },
  };
}

function chunks<T>(items: readonly T[], length: number): T[][] {
  const count = Math.ceil(items.length / length);
  return Array.from({ length: count }, (_, index) => items.slice(index * length, (index + 1) * length));
}
