import type { Message } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { TIME } from '../../../contract/time.ts';
import { PROBE_EVENT_TYPE } from '../../../functions/receiver/own-tools.ts';
import type { Authentic, Quarantined } from '../../../functions/receiver/receive.ts';
import { printable, printableLines } from '../../cli/printable.ts';

const attributeValue = v.object({
  DataType: v.string(),
  StringValue: v.optional(v.string()),
  BinaryValue: v.optional(v.instance(Uint8Array)),
});
/** Like the receiver's own messages; one that a person put there may lack any of the attributes. */
const received = v.object({
  MessageId: v.string(),
  Body: v.string(),
  Attributes: v.object({
    SentTimestamp: v.pipe(v.string(), v.transform(Number)),
    AWSTraceHeader: v.optional(v.string()),
  }),
  MessageAttributes: v.optional(v.record(v.string(), attributeValue), {}),
});
/** Of the times that TIME allows, `Date` can't read an offset of hours only. */
const time = v.fallback(v.optional(v.pipe(v.string(), v.regex(TIME), v.toDate())), undefined);
/** As a receiver makes them: another program's messages may have attributes of these names, too. */
const ownEventId = v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), undefined);

const REASONS: Readonly<Record<Quarantined['reason'], true>> = {
  'not-json': true,
  'other-webhook': true,
  'unfamiliar-event-type': true,
  'invalid-event': true,
  'refused-by-queue': true,
  probe: true,
};
const isReason = (text: string) => Object.hasOwn(REASONS, text);
const ownReason = v.fallback(v.optional(v.pipe(v.string(), v.check(isReason))), undefined);

/** A message that a receiver put on one of its queues, as far as it has what the receiver gave it. */
export type Entry = ReturnType<typeof toEntry>;

/** @throws Error when SQS left out what it was asked for. */
export function toEntry(message: Message) {
  const { MessageId, Body, Attributes, MessageAttributes } = v.parse(received, message);
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const sentAt = new Date(Attributes.SentTimestamp);
  /** What the receiver would hand to its queues. */
  const delivery: Authentic = {
    body: bytesOf(Body, attribute('bodyEncoding')),
    source: '',
    signature: undefined,
    integration: attribute('integration'),
    receivedAt: v.parse(time, attribute('receivedAt')) ?? sentAt,
  };
  return {
    id: MessageId,
    /** Why it is in quarantine; undefined: it was accepted, or is not a receiver's message. */
    reason: v.parse(ownReason, attribute('reason')),
    problems: attribute('problems')?.split('; ') ?? [],
    eventType: attribute('eventType'),
    /** Which other webhook of Veriff it is, when the receiver knew it. */
    webhook: attribute('webhook'),
    /** Undefined: it was not accepted. */
    eventId: v.parse(ownEventId, attribute('eventId')),
    attemptId: attribute('attemptId'),
    /** When it came onto the queue, by SQS's clock. */
    sentAt,
    delivery,
    /** The message itself, to be handed on as it is. */
    original: { body: Body, attributes: MessageAttributes, traceHeader: Attributes.AWSTraceHeader },
  };
}

function bytesOf(body: string, encoding: string | undefined): Buffer {
  const [, base64] = /^data:;base64,(.*)$/s.exec(body) ?? [];
  return encoding === 'data-url' && base64 !== undefined ? Buffer.from(base64, 'base64') : Buffer.from(body);
}

export function reasonOf({ reason, eventId }: Entry): string {
  return reason ?? (eventId === undefined ? 'no-reason' : 'accepted');
}

/** A line for a person. Nothing of the body is in it: payloads hold personal data. */
export function headlineOf(entry: Entry): string {
  const { eventType = 'no event type', webhook, delivery } = entry;
  const parts = [
    delivery.receivedAt.toISOString(),
    reasonOf(entry),
    webhook === undefined ? eventType : `${webhook} webhook`,
    ...(delivery.integration === undefined ? [] : [`integration ${delivery.integration}`]),
  ];
  return printable(parts.join('  '));
}

export function bodyText({ delivery }: Entry): string {
  return printableLines(new TextDecoder().decode(delivery.body));
}

const PROBE_REASON = 'probe';

/** No doctor waits for its probe any longer. */
const LEFT_OVER_MS = 10 * 60_000;

/** A receiver that was deployed before there were probes gives another reason. */
export function isProbe({ reason, eventType }: Entry): boolean {
  return reason === PROBE_REASON || eventType === PROBE_EVENT_TYPE;
}

/** A probe that a doctor who was interrupted left behind. */
export function isLeftOver(entry: Entry, now = Date.now()): boolean {
  return isProbe(entry) && now - entry.sentAt.getTime() > LEFT_OVER_MS;
}
