// A subscriber's program: type-checked and run as an ES module and as CommonJS, with the package installed by npm.
import * as v from 'valibot';
import {
  EVENT_TYPES,
  eventId,
  InvalidMessageError,
  isNewer,
  parseUserStatusMessage,
  type SqsMessage,
  toNanoseconds,
  type UserStatusCreated,
  type UserStatusEvent,
  type UserStatusMessage,
  userStatusCreated,
} from 'veriff-status-receiver';

const userDefinedData = {
  status: 'Confirmed fraud',
  statusCode: 'confirmed_fraud',
  reason: 'Seen before',
  reasonCode: null,
  createdAt: '2026-11-27T10:00:00.000001Z',
};
const payload = {
  eventType: EVENT_TYPES[0],
  sessionId: 'session',
  attemptId: 'attempt',
  time: '2026-11-27T10:00:01Z',
  data: { verification: { id: 'attempt', userDefinedData } },
  addedByVeriff: 'kept',
};
const Body = JSON.stringify(payload);

const ofSdk: SqsMessage = { Body, MessageAttributes: { eventId: { DataType: 'String' } } };
const message: UserStatusMessage = parseUserStatusMessage(ofSdk);
const event: UserStatusEvent = message.event;
const code: string = event.data.verification.userDefinedData.statusCode;
const parsed: UserStatusCreated = v.parse(userStatusCreated, payload);

// @ts-expect-error A misspelled property.
const ofEvent = event.sesionId;
// @ts-expect-error A misspelled property of what the schema gives.
const ofSchema = parsed.sesionId;
// @ts-expect-error A misspelled property further in.
const furtherIn = event.data.verification.userDefinedData.statuscode;
// @ts-expect-error A property has a type.
const wrong: number = event.sessionId;

function refuses(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return error instanceof InvalidMessageError && error.problems.length > 0;
  }
}

console.log(
  JSON.stringify({
    code,
    sameId: [eventId(event), eventId(parsed), parseUserStatusMessage({ body: Body }).eventId].every(
      (id) => id === message.eventId,
    ),
    keepsUnknown: 'addedByVeriff' in event && 'addedByVeriff' in parsed,
    misspelled: [ofEvent, ofSchema, furtherIn],
    wrong,
    refusesPayload: refuses(() => parseUserStatusMessage({ Body: '{}' })),
    // @ts-expect-error The whole answer of ReceiveMessage.
    refusesAnswer: refuses(() => parseUserStatusMessage({ Messages: [ofSdk] })),
    compares: isNewer(userDefinedData.createdAt, '2026-11-27T10:00:00Z'),
    nanoseconds: String(toNanoseconds(userDefinedData.createdAt)),
  }),
);
