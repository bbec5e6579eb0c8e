// The package's public API. What only the receiver needs of the contract is not exported.
import type * as v from 'valibot';
import { userStatusCreated as schema, type UserStatusCreated } from './event.ts';

export { EVENT_TYPES, type EventType, type Problem, type UserStatusEvent } from './event.ts';
export { eventId } from './message.ts';
export {
  InvalidMessageError,
  parseUserStatusMessage,
  type SqsMessage,
  type UserStatusMessage,
} from './parse-message.ts';
export { isNewer, toNanoseconds } from './time.ts';
export type { UserStatusCreated };

/** The payload as a valibot schema. It accepts and keeps unknown properties. */
export const userStatusCreated: v.GenericSchema<unknown, UserStatusCreated> = schema;
