import * as v from 'valibot';
import { type Problem, readPayload, type UserStatusEvent } from './event.ts';
import { eventId } from './message.ts';

/** The content of a message on the main queue. */
export interface UserStatusMessage {
  /** The idempotency key, see {@link eventId}. */
  readonly eventId: string;
  /** Veriff's payload. */
  readonly event: UserStatusEvent;
}

/** An SQS message does not follow the contract. The error text says why, and never repeats a value of the payload. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
  /** At least one. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `Expected a message with a user-status event, got one with these problems: ${problems.join('; ')}. ` +
        'Do not delete it: after five receives SQS moves it to the dead-letter queue.',
    );
    this.problems = problems;
  }
}

/** One of the `Messages` that the AWS SDK's ReceiveMessage returns, or one of the `Records` of a Lambda event. */
export type SqsMessage =
  | { readonly Body?: string | undefined; readonly MessageAttributes?: unknown }
  | { readonly body: string; readonly messageAttributes?: unknown };

// Checked at run time, too, because callers in JavaScript have no type check.
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
 * Needs no message attributes: it computes the id from the payload, and the attribute `eventId` has the same value.
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
