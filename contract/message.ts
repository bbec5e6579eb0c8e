import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type Problem, readPayload, type UserStatusCreated } from './event.ts';

/**
 * The idempotency key of an event: 64 lower-case hex digits. Two deliveries of one fact (a retry, a resend by hand)
 * have the same id; `time` has no part in it, because it may change with each try.
 *
 * SHA-256 over the JSON array of event type, session, attempt, verification id, status code, reason code and
 * `createdAt`, in this order: a text that no two lists share.
 */
export function eventId(event: UserStatusCreated): string {
  const { id, userDefinedData } = event.data.verification;
  const { statusCode, reasonCode, createdAt } = userDefinedData;
  const fact = [event.eventType, event.sessionId, event.attemptId, id, statusCode, reasonCode, createdAt];
  return createHash('sha256').update(JSON.stringify(fact)).digest('hex');
}

/**
 * The attributes of a message on the main queue, all of SQS's type `String`, at most 8. One that SQS could not carry
 * (empty, or with a character it forbids) is left out.
 *
 * `integration` is the name under which the key that verified the event is stored; absent when keys have no names. No
 * header of the request becomes an attribute: none is signed. `receivedAt` is ISO 8601 in UTC with milliseconds.
 */
export function messageAttributes(
  event: UserStatusCreated,
  delivery: { readonly integration: string | undefined; readonly receivedAt: Date },
): Readonly<Record<string, string>> & { readonly eventId: string } {
  const { statusCode, createdAt } = event.data.verification.userDefinedData;
  const optional = carried({
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

/** Keeps the attributes that SQS can carry. */
export function carried(
  attributes: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const legal: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && isSqsText(value)) legal[name] = value;
  }
  return legal;
}

/**
 * What SQS refuses in a body or an attribute value: everything outside #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to
 * #xFFFD and #x10000 to #x10FFFF. Source: SQS API reference, SendMessage.
 */
const FORBIDDEN_IN_SQS = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Whether SQS takes this text as a message body or an attribute value. It refuses the empty one, too. */
export function isSqsText(text: string): boolean {
  return text !== '' && !FORBIDDEN_IN_SQS.test(text);
}

/** A message of the main queue, read. */
export interface UserStatusMessage {
  /** The idempotency key, see {@link eventId}. */
  readonly eventId: string;
  /** Veriff's payload. */
  readonly event: UserStatusCreated;
}

/** The message does not follow the contract. Its message names what is wrong and repeats no value of the payload. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `Expected a message of the user-status.created queue, got one with these problems: ${problems.join('; ')}. ` +
        'Let it fail: after five tries it is kept in the dead-letter queue.',
    );
    this.problems = problems;
  }
}

/** One of the `Messages` that the AWS SDK's ReceiveMessage returns, or one of the `Records` of a Lambda event. */
export type SqsMessage =
  | { readonly Body?: string | undefined; readonly MessageAttributes?: unknown }
  | { readonly body: string; readonly messageAttributes?: unknown };

// Checked although it has a type: callers of JavaScript pass what they have.
const messageShape = v.union([
  v.pipe(
    v.looseObject({ Body: v.string() }),
    v.transform(({ Body }) => Body),
  ),
  v.pipe(
    v.looseObject({ body: v.string() }),
    v.transform(({ body }) => body),
  ),
]);

/**
 * Reads a message of the main queue.
 * The attributes are not needed: the id follows from the payload, and is what the attribute `eventId` says.
 *
 * @throws InvalidMessageError when the message does not follow the contract.
 */
export function parseUserStatusMessage(message: SqsMessage): UserStatusMessage {
  const body = v.safeParse(messageShape, message);
  if (!body.success) throw new InvalidMessageError(['message: expected an SQS message with a body']);
  const payload = readPayload(body.output);
  if (!payload.ok) throw new InvalidMessageError(payload.unusable.problems);
  return { eventId: eventId(payload.event), event: payload.event };
}
