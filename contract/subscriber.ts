// What the package offers: the receiver's own side of the contract is not for subscribers.
import type * as v from 'valibot';
import { userStatusCreated as schema, type UserStatusCreated } from './event.ts';

export { EVENT_TYPE, type Problem } from './event.ts';
export {
  eventId,
  InvalidMessageError,
  parseUserStatusMessage,
  type SqsMessage,
  type UserStatusMessage,
} from './message.ts';
export { isNewer, toNanoseconds } from './time.ts';
export type { UserStatusCreated };

/** The payload as a valibot schema. It lets unknown properties pass and keeps them. */
export const userStatusCreated: v.GenericSchema<unknown, UserStatusCreated> = schema;
