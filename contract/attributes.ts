import * as v from 'valibot';
import { userStatusCreated } from './event.ts';
import { TIME } from './time.ts';

const { eventType, sessionId, attemptId, data } = userStatusCreated.entries;
const { statusCode, createdAt } = data.entries.verification.entries.userDefinedData.entries;

/**
 * The message attributes that a subscriber can rely on, by name and value; each is of SQS's type `String`. One that
 * SQS cannot carry is left out, so that only those that it always can are required.
 */
export const userStatusAttributes = v.looseObject({
  eventId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  eventType,
  statusCode: v.optional(statusCode),
  sessionId: v.optional(sessionId),
  attemptId: v.optional(attemptId),
  createdAt,
  integration: v.optional(v.pipe(v.string(), v.nonEmpty())),
  receivedAt: v.pipe(v.string(), v.regex(TIME)),
});
