import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { TIME } from '../../../contract/time.ts';
import type { Authentic } from '../../../functions/receiver/receive.ts';
import { printable, printableLines } from '../../cli/printable.ts';

/** A message that a receiver put on one of its queues. */
export interface Entry {
  readonly id: string;
  /** Why it is in quarantine; undefined: it was accepted, or is not a receiver's message. */
  readonly reason: string | undefined;
  readonly problems: readonly string[];
  readonly eventType: string | undefined;
  /** Which other webhook of Veriff it is, when the receiver knew it. */
  readonly webhook: string | undefined;
  /** Undefined: it was not accepted. */
  readonly eventId: string | undefined;
  readonly attemptId: string | undefined;
  /** When it came onto the queue, by SQS's clock. */
  readonly sentAt: Date;
  /** What the receiver would hand to its queues. */
  readonly delivery: Authentic;
  /** The message itself, to be handed on as it is. */
  readonly original: Original;
}

export interface Original {
  readonly body: string;
  readonly attributes: Record<string, MessageAttributeValue>;
  readonly traceHeader: string | undefined;
}

/** Like the receiver's own messages; one that a person put there may lack any of the attributes. */
const received = v.object({
  MessageId: v.string(),
  Body: v.string(),
  Attributes: v.object({
    SentTimestamp: v.pipe(v.string(), v.transform(Number)),
    AWSTraceHeader: v.optional(v.string()),
  }),
  MessageAttributes: v.optional(
    v.record(
      v.string(),
      v.object({
        DataType: v.string(),
        StringValue: v.optional(v.string()),
        BinaryValue: v.optional(v.instance(Uint8Array)),
      }),
    ),
    {},
  ),
});
const time = v.pipe(v.string(), v.regex(TIME));
/** As the receiver makes them; another program's messages may have an attribute of the name, too. */
const ownEventId = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), undefined);

/** @throws Error when SQS left out what it was asked for. */
export function toEntry(message: Message): Entry {
  const { MessageId, Body, Attributes, MessageAttributes } = v.parse(received, message);
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const sentAt = new Date(Attributes.SentTimestamp);
  const receivedAt = v.safeParse(time, attribute('receivedAt'));
  return {
    id: MessageId,
    reason: attribute('reason'),
    problems: attribute('problems')?.split('; ') ?? [],
    eventType: attribute('eventType'),
    webhook: attribute('webhook'),
    eventId: v.parse(ownEventId, attribute('eventId')),
    attemptId: attribute('attemptId'),
    sentAt,
    delivery: {
      body: bytesOf(Body, attribute('bodyEncoding')),
      source: '',
      signature: undefined,
      integration: attribute('integration'),
      receivedAt: receivedAt.success ? new Date(receivedAt.output) : sentAt,
    },
    original: { body: Body, attributes: MessageAttributes, traceHeader: Attributes.AWSTraceHeader },
  };
}

const DATA_URL = 'data:;base64,';

function bytesOf(body: string, encoding: string | undefined): Buffer {
  return encoding === 'data-url' && body.startsWith(DATA_URL)
    ? Buffer.from(body.slice(DATA_URL.length), 'base64')
    : Buffer.from(body);
}

/** What it is on its queue for. */
export function reasonOf({ reason, eventId }: Entry): string {
  return reason ?? (eventId === undefined ? 'no-reason' : 'accepted');
}

/** A line for a person. Nothing of the body is in it: payloads hold personal data. */
export function describeEntry(entry: Entry): string {
  const { eventType, webhook, delivery } = entry;
  const parts = [
    delivery.receivedAt.toISOString(),
    reasonOf(entry),
    webhook === undefined ? (eventType ?? 'no event type') : `${webhook} webhook`,
    ...(delivery.integration === undefined ? [] : [`integration ${delivery.integration}`]),
  ];
  return printable(parts.join('  '));
}

/** The body for a person who asked for it. */
export function bodyText({ delivery }: Entry): string {
  return printableLines(new TextDecoder().decode(delivery.body));
}
