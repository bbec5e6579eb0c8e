import { createHash } from 'node:crypto';
import type { UserStatusEvent } from './event.ts';

/**
 * The idempotency key of an event: 64 lower-case hex digits. Two deliveries of the same event (a retry, a resend by
 * hand) have the same id. `time` is not part of it, because a retry may have another time.
 *
 * SHA-256 over the JSON array of event type, session, attempt, verification id, status code, reason code and
 * `createdAt`, in this order. Two different arrays never give the same JSON text.
 */
export function eventId(event: UserStatusEvent): string {
  const { id, userDefinedData } = event.data.verification;
  const { statusCode, reasonCode, createdAt } = userDefinedData;
  const fields = [event.eventType, event.sessionId, event.attemptId, id, statusCode, reasonCode, createdAt];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/**
 * The attributes of a message on the main queue: at most 8, each of the SQS data type `String`. An attribute that would
 * be empty, or that has a character that SQS forbids, is left out.
 *
 * `integration` is the name of the key that verified the event; absent when the key has no name. No request header
 * becomes an attribute, because Veriff signs only the body. `receivedAt` is ISO 8601 in UTC with milliseconds.
 */
export function messageAttributes(
  event: UserStatusEvent,
  delivery: { readonly integration: string | undefined; readonly receivedAt: Date },
): Readonly<Record<string, string>> & { readonly eventId: string } {
  const { statusCode, createdAt } = event.data.verification.userDefinedData;
  const optional = validAttributes({
    eventType: event.eventType,
    statusCode,
    sessionId: event.sessionId,
    attemptId: event.attemptId,
    createdAt,
    integration: delivery.integration,
    receivedAt: delivery.receivedAt.toISOString(),
  });
  return { eventId: eventId(event), ...optional };
}

/** Removes the attributes that SQS would refuse. */
export function validAttributes(
  attributes: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const valid: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && isSqsText(value)) valid[name] = value;
  }
  return valid;
}

/**
 * The characters that SQS refuses in a body or an attribute value: all outside #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to
 * #xFFFD and #x10000 to #x10FFFF. Source: SQS API reference, SendMessage.
 */
const FORBIDDEN_IN_SQS = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Whether SQS accepts this text as a message body or an attribute value. SQS also refuses an empty text. */
export function isSqsText(text: string): boolean {
  return text !== '' && !FORBIDDEN_IN_SQS.test(text);
}
