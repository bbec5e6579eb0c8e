import * as v from 'valibot';
import type { EventSchema } from './event.ts';
import { TIME } from './time.ts';

/**
 * The attributes of a message on the main queue, each of the SQS data type `String`. An attribute is optional here when
 * its value can be one that SQS refuses: the receiver then leaves it out.
 */
export function attributesSchema(event: EventSchema) {
  const { eventType, sessionId, attemptId, data } = event.entries;
  const { statusCode, createdAt } = data.entries.verification.entries.userDefinedData.entries;
  return v.looseObject({
    eventId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    eventType,
    statusCode: v.optional(statusCode),
    sessionId: v.optional(sessionId),
    attemptId: v.optional(attemptId),
    createdAt,
    integration: v.optional(v.pipe(v.string(), v.nonEmpty())),
    receivedAt: v.pipe(v.string(), v.regex(TIME)),
  });
}
