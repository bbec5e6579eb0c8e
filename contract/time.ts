// Digits as [0-9] and no look-ahead: the pattern is published, and some languages take \d for more or can't look ahead.
const EVERY_YEAR = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const DAY_OF_EVERY_YEAR =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
// The last two digits; 00 is for the centuries to decide.
const MULTIPLE_OF_4 = '(?:0[48]|[2468][048]|[13579][26])';
const LEAP_YEAR = `(?:[0-9]{2}${MULTIPLE_OF_4}|${MULTIPLE_OF_4}00)`;
const DATE = `(?:${EVERY_YEAR}-${DAY_OF_EVERY_YEAR}|${LEAP_YEAR}-02-29)`;
const HOUR = '(?:[01][0-9]|2[0-3])';
const MINUTE = '[0-5][0-9]';

/**
 * The times of the contract (`createdAt`, `time`): ISO 8601, up to nine digits of a second, `Z` or an offset. Exact by
 * the Gregorian calendar from the year 1 to 9999: no 30 February, no hour 24, no second 60.
 */
export const TIME = new RegExp(
  `^(${DATE})[T ](${HOUR}(?::${MINUTE}){2})(?:\\.([0-9]{1,9}))?(?:Z| ?([+-]${HOUR})(?::?(${MINUTE}))?)$`,
);

/**
 * Whether a status is newer than another: its `createdAt` is later, to the nanosecond and whatever the offsets. Of one
 * moment neither is newer. An attempt's current status is the one that none of its others is newer than.
 *
 * `Date` keeps milliseconds only, and Veriff sends microseconds: two statuses of one millisecond would look alike.
 *
 * @throws RangeError when one of the two is no time of the contract
 */
export function isNewer(candidate: string, held: string): boolean {
  return toNanoseconds(candidate) > toNanoseconds(held);
}

/**
 * Nanoseconds since 1970-01-01T00:00:00Z, for stores that compare while they write. DynamoDB's numbers hold every one
 * of them, 64-bit integers those up to the year 2262.
 *
 * @throws RangeError when it is no time of the contract
 */
export function toNanoseconds(time: string): bigint {
  const parts = TIME.exec(time);
  if (parts === null) {
    throw new RangeError(
      `Expected an ISO 8601 time with Z or an offset, got ${JSON.stringify(time)}; pass createdAt as it came.`,
    );
  }
  const [, date, clock, fraction = '', hours, minutes = '00'] = parts;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  return BigInt(Date.parse(`${date}T${clock}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
