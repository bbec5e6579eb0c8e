// What the package offers: the receiver's own side of the contract is not for subscribers.
export { EVENT_TYPE, type Problem, type UserStatusCreated, userStatusCreated } from './event.ts';
export { eventId, InvalidMessageError, parseUserStatusMessage, type UserStatusMessage } from './message.ts';
export { isNewer, toNanoseconds } from './time.ts';
