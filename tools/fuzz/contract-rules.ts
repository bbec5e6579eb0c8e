/** The rules of the contract as the fuzzer's judge knows them, in code of its own: the contract's may be wrong. */
import { at, parsed, textOf } from './reading.ts';

export const WEBHOOKS = ['decision', 'event', 'fullauto', 'watchlist-screening'] as const;
const STATUS = ['data', 'verification', 'userDefinedData'];
const MOST_LEVELS = 64;

/** Whether a text is a `user-status.created`, as Veriff's documentation describes it. */
export function isEvent(text: string): boolean {
  const payload = parsed(text);
  const isText = (...path: readonly string[]) => typeof at(payload, ...path) === 'string';
  const isWhole = (...path: readonly string[]) => {
    const value = at(payload, ...path);
    return typeof value === 'string' && value.isWellFormed();
  };
  const isId = (...path: readonly string[]) => isWhole(...path) && at(payload, ...path) !== '';
  const isOwnId = (name: string) => at(payload, name) == null || isWhole(name);
  const isTimeAt = (...path: readonly string[]) => {
    const value = at(payload, ...path);
    return typeof value === 'string' && isTime(value);
  };
  return (
    levelsOf(text) <= MOST_LEVELS &&
    at(payload, 'eventType') === 'user-status.created' &&
    isId('sessionId') &&
    isId('attemptId') &&
    isTimeAt('time') &&
    isOwnId('vendorData') &&
    isOwnId('endUserId') &&
    isId('data', 'verification', 'id') &&
    isText(...STATUS, 'status') &&
    isId(...STATUS, 'statusCode') &&
    isText(...STATUS, 'reason') &&
    (at(payload, ...STATUS, 'reasonCode') === null || isWhole(...STATUS, 'reasonCode')) &&
    isTimeAt(...STATUS, 'createdAt')
  );
}

/** Why the bytes of a body are no event, and which other webhook of Veriff's they are; of no event only. */
export function reasonFor(bytes: Uint8Array): {
  readonly reasons: readonly string[];
  readonly webhook?: string;
} {
  const text = textOf(bytes);
  if (text === undefined) return { reasons: ['not-json'] };
  const payload = parsed(text);
  // What is no JSON has no levels to count: either reason is right.
  if (payload === undefined) return { reasons: ['not-json', 'invalid-event'] };
  if (levelsOf(text) > MOST_LEVELS) return { reasons: ['invalid-event'] };
  const webhook = webhookOf(payload);
  if (webhook !== undefined) return { reasons: ['other-webhook'], webhook };
  const type = at(payload, 'eventType');
  const isUnfamiliar = typeof type === 'string' && type !== '' && type !== 'user-status.created';
  return { reasons: [isUnfamiliar ? 'unfamiliar-event-type' : 'invalid-event'] };
}

/** How deep JSON is nested. A value that another one of the same name replaces counts. */
function levelsOf(json: string): number {
  let level = 0;
  let most = 0;
  for (const [bracket] of json.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    level += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, level);
  }
  return most;
}

function webhookOf(payload: unknown): (typeof WEBHOOKS)[number] | undefined {
  const has = (type: string, ...path: readonly string[]) => typeof at(payload, ...path) === type;
  if (at(payload, 'eventType') === 'fullauto') return 'fullauto';
  if (at(payload, 'eventType') !== undefined || at(payload, 'data') !== undefined) return undefined;
  const isDecision =
    has('string', 'status') &&
    has('string', 'verification', 'id') &&
    has('number', 'verification', 'code') &&
    has('string', 'verification', 'status');
  if (isDecision) return 'decision';
  if (has('number', 'code') && ['id', 'feature', 'action'].every((name) => has('string', name)))
    return 'event';
  const isScreening = ['checkType', 'matchStatus', 'sessionId', 'attemptId'].every((name) =>
    has('string', name),
  );
  return isScreening ? 'watchlist-screening' : undefined;
}

const PARTS = /^(\d\d\d\d)-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z| ?[+-](\d\d)(?::?(\d\d))?)$/;
const MOST_DIGITS = 9;

/** Whether a text is a time with `Z` or an offset that the Gregorian calendar and the clock have. */
export function isTime(text: string): boolean {
  const parts = PARTS.exec(text);
  if (parts === null || (/\.(\d+)/.exec(text)?.[1] ?? '').length > MOST_DIGITS) return false;
  const [year = 0, month = 0, day = 0, hour, minute, second, zoneHour, zoneMinute] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const isBelow = (value: number | undefined, limit: number) => value !== undefined && value < limit;
  return (
    year > 0 &&
    day > 0 &&
    day <= days &&
    isBelow(hour, 24) &&
    isBelow(minute, 60) &&
    isBelow(second, 60) &&
    isBelow(zoneHour, 24) &&
    isBelow(zoneMinute, 60)
  );
}
