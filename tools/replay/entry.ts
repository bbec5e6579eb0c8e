import type { Message } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { TIME } from '../../contract/time.ts';
import type { Delivery } from '../../functions/receiver/receive.ts';

/** A delivery in quarantine, as it was received. */
export interface Entry {
  readonly id: string;
  readonly reason: string;
  readonly problems: readonly string[];
  readonly eventType: string | undefined;
  /** Which other webhook of Veriff it is, when the receiver knew it. */
  readonly webhook: string | undefined;
  /** When it came into quarantine, by SQS's clock. */
  readonly sentAt: Date;
  /** What the receiver would hand to its queues. */
  readonly delivery: Delivery;
}

/** Like the receiver's own messages; one that a person put there may lack any of the attributes. */
const quarantined = v.object({
  MessageId: v.string(),
  Body: v.string(),
  Attributes: v.object({ SentTimestamp: v.pipe(v.string(), v.transform(Number)) }),
  MessageAttributes: v.optional(v.record(v.string(), v.object({ StringValue: v.optional(v.string()) })), {}),
});
const time = v.pipe(v.string(), v.regex(TIME));

/** @throws Error when SQS left out what it was asked for. */
export function toEntry(message: Message): Entry {
  const { MessageId, Body, Attributes, MessageAttributes } = v.parse(quarantined, message);
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const sentAt = new Date(Attributes.SentTimestamp);
  const received = v.safeParse(time, attribute('receivedAt'));
  return {
    id: MessageId,
    reason: attribute('reason') ?? 'no-reason',
    problems: attribute('problems')?.split('; ') ?? [],
    eventType: attribute('eventType'),
    webhook: attribute('webhook'),
    sentAt,
    delivery: {
      body: bytesOf(Body, attribute('bodyEncoding')),
      source: '',
      signature: undefined,
      integration: attribute('integration'),
      receivedAt: received.success ? new Date(received.output) : sentAt,
    },
  };
}

const DATA_URL = 'data:;base64,';

function bytesOf(body: string, encoding: string | undefined): Buffer {
  return encoding === 'data-url' && body.startsWith(DATA_URL)
    ? Buffer.from(body.slice(DATA_URL.length), 'base64')
    : Buffer.from(body);
}

/** A line or more for a person. Nothing of the body is in it: payloads hold personal data. */
export function describeEntry({ reason, eventType, webhook, delivery }: Entry): string {
  const parts = [
    delivery.receivedAt.toISOString(),
    reason,
    webhook === undefined ? (eventType ?? 'no event type') : `${webhook} webhook`,
    ...(delivery.integration === undefined ? [] : [`integration ${delivery.integration}`]),
  ];
  return printable(parts.join('  '));
}

/** The body for a person who asked for it. */
export function bodyText({ delivery }: Entry): string {
  return printable(new TextDecoder().decode(delivery.body));
}

/** What came from outside must not steer the terminal: control and format characters become escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\n' || character === '\t' ? character : `\\u{${codeOf(character)}}`,
  );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
