import * as v from 'valibot';
import type { EventSchema } from './event.ts';
import { TIME } from './time.ts';

/**
 * The attributes of a message on the main queue, each of the SQS data type `String`. Only `eventId` is always there: the
 * receiver leaves out one that SQS would refuse, and all the others when the message is refused or too large with them.
 */
export function attributesSchema(event: EventSchema) {
  const { eventType, sessionId, attemptId, data } = event.entries;
  const { statusCode, createdAt } = data.entries.verification.entries.userDefinedData.entries;
  return v.looseObject({
    eventId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    eventType: v.optional(eventType),
    statusCode: v.optional(statusCode),
    sessionId: v.optional(sessionId),
    attemptId: v.optional(attemptId),
    createdAt: v.optional(createdAt),
    integration: v.optional(v.pipe(v.string(), v.nonEmpty())),
    receivedAt: v.optional(v.pipe(v.string(), v.regex(TIME))),
  });
}
