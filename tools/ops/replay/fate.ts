import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventId } from '../../../contract/message.ts';
import { createQueues, groupOf, sendOnce } from '../../../functions/receiver/queue.ts';
import type { SendResult } from '../../../functions/receiver/receive.ts';
import { validate } from '../../../functions/receiver/validate.ts';
import { sentenceOf } from '../../cli/failure.ts';
import type { Stack } from '../stack.ts';
import { type Entry, reasonOf } from './entry.ts';
import type { Source } from './source.ts';

/** The receiver has a second for one try; a person's line may be slow, and nobody waits. */
const TRY_LIMIT_MS = 25_000;
/** For one message, the second try included. */
export const SEND_DEADLINE_MS = 60_000;

export type Action = 'list' | 'dry-run' | 'apply';

/** What became, or would become, of a message. */
export interface Fate {
  /** `sent`: SQS confirmed the copy. `refused`: it never will. `failed`: it neither confirmed nor refused it. */
  readonly kind: 'stays' | 'sent' | 'refused' | 'failed';
  /** For the count at the end: `would be sent`. */
  readonly words: string;
  /** For the list, a line each. */
  readonly details: readonly string[];
}

type Payload = ReturnType<typeof validate>;

/** What a run needs of the stack that messages are sent to. */
export interface Destination {
  readonly sqs: SQSClient;
  readonly outputs: Pick<Stack['outputs'], 'QueueUrl' | 'QuarantineQueueUrl'>;
}

/** Decides what becomes of one message, and sends a copy of it where it belongs when the action is `apply`. */
export function createFateOf({ sqs, outputs }: Destination, source: Source, action: Action) {
  const { publish } = createQueues(sqs, {
    queueUrl: outputs.QueueUrl,
    quarantineQueueUrl: outputs.QuarantineQueueUrl,
    traceHeader: () => undefined,
    sendLimitMs: TRY_LIMIT_MS,
  });

  return async (entry: Entry): Promise<Fate> => {
    if (action === 'list') {
      const event = entry.eventId === undefined ? [] : [`event ${entry.eventId}`];
      return { kind: 'stays', words: reasonOf(entry), details: [...event, ...entry.problems] };
    }
    // What nobody verified, somebody else's messages on a queue that was named by mistake, is not ours to move.
    if (entry.eventId === undefined && entry.reason === undefined) {
      return fate('stays', 'not put there by a receiver that this checkout knows', []);
    }
    const payload = validate(entry.delivery.body);
    const id = entry.eventId ?? (payload.ok ? eventId(payload.event) : undefined);
    if (id === undefined && source.kind === 'quarantine') {
      return fate('stays', 'not valid', payload.ok ? [] : payload.problems);
    }
    const to = id === undefined ? ' to quarantine' : '';
    const event = id === undefined ? [] : [`event ${id}`];
    if (action === 'dry-run') return fate('stays', `would be sent${to}`, event);
    try {
      const sent = await send(entry, id, payload);
      if (sent === 'reduced') return fate('sent', 'sent without its optional attributes', event);
      return sent === 'confirmed'
        ? fate('sent', `sent${to}`, event)
        : fate('refused', 'refused by SQS', [sent]);
    } catch (error) {
      // Whatever it is: the rest of the batch may have been sent, and must be removed.
      return fate('failed', 'not sent', [sentenceOf(error)]);
    }
  };

  async function send(entry: Entry, id: string | undefined, payload: Payload): Promise<SendResult> {
    const deadline = AbortSignal.timeout(SEND_DEADLINE_MS);
    if (entry.eventId === undefined && payload.ok) {
      return (await publish(payload, entry.delivery, deadline)).sent;
    }
    return sendOnce(sqs, copy(entry, id, payload), deadline);
  }

  /** Goes to quarantine without an event id. Each message there is a group of its own, so that none waits for another. */
  function copy(entry: Entry, id: string | undefined, payload: Payload): SendMessageCommand {
    if (id === undefined) return copyOf(entry, outputs.QuarantineQueueUrl, entry.id, entry.id);
    const attemptId = payload.ok ? payload.event.attemptId : entry.attemptId;
    // The queue has seen a dead letter's event id. Within 5 minutes it would confirm a second one and drop it.
    const deduplicationId = source.kind === 'dead-letters' ? entry.id : id;
    return copyOf(entry, outputs.QueueUrl, groupOf(attemptId ?? id), deduplicationId);
  }
}

function fate(kind: Fate['kind'], words: string, more: readonly string[]): Fate {
  const details = more.length === 0 ? [words] : more.map((detail) => `${words}: ${detail}`);
  return { kind, words, details };
}

/** A message as it is, for another queue: body, attributes and trace header. Groups and their ids are for a FIFO queue. */
export function copyOf(
  { original: { body, attributes, traceHeader } }: Pick<Entry, 'original'>,
  queueUrl: string,
  groupId: string,
  deduplicationId: string,
): SendMessageCommand {
  return new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: body,
    MessageAttributes: attributes,
    ...(traceHeader !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
    }),
    ...(queueUrl.endsWith('.fifo') && { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId }),
  });
}
