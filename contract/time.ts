// Uses [0-9] and no look-ahead, because the pattern is published for other languages: in some \d also matches digits of
// other scripts, and some have no look-ahead.
const EVERY_YEAR = '(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])';
const DAY_OF_EVERY_YEAR =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))';
// The last two digits of a year. 00 is left out: a century is a leap year only when it is a multiple of 400.
const MULTIPLE_OF_4 = '(?:0[48]|[2468][048]|[13579][26])';
const LEAP_YEAR = `(?:[0-9]{2}${MULTIPLE_OF_4}|${MULTIPLE_OF_4}00)`;
const DATE = `(?:${EVERY_YEAR}-${DAY_OF_EVERY_YEAR}|${LEAP_YEAR}-02-29)`;
const HOUR = '(?:[01][0-9]|2[0-3])';
const MINUTE = '[0-5][0-9]';

/**
 * The times of the contract (`createdAt`, `time`): ISO 8601 (a space may stand for the `T` and before the offset), up to
 * nine fractional digits, `Z` or an offset. Matches only times of the Gregorian calendar from the year 1 to 9999: no
 * 30 February, no hour 24, no second 60.
 */
export const TIME = new RegExp(
  `^(${DATE})[T ](${HOUR}(?::${MINUTE}){2})(?:\\.([0-9]{1,9}))?(?:Z| ?([+-]${HOUR})(?::?(${MINUTE}))?)$`,
);

/**
 * Whether the status created at `candidate` is newer than the one created at `held`. Compares `createdAt` to the
 * nanosecond and takes offsets into account; false when both are the same moment. An attempt's current status is its
 * newest.
 *
 * Do not compare with `Date`: it keeps milliseconds, and Veriff sends microseconds, so that two statuses of the same
 * millisecond would look equal.
 *
 * @throws RangeError when `candidate` or `held` is not a time that the contract allows
 */
export function isNewer(candidate: string, held: string): boolean {
  return toNanoseconds(candidate) > toNanoseconds(held);
}

/**
 * Nanoseconds since 1970-01-01T00:00:00Z, for a conditional write in a database. A number in DynamoDB can hold every
 * value; a 64-bit integer can hold those of the years 1678 to 2261.
 *
 * @throws RangeError when `time` is not a time that the contract allows
 */
export function toNanoseconds(time: string): bigint {
  const parts = TIME.exec(time);
  if (parts === null) {
    throw new RangeError(
      `Expected an ISO 8601 time with Z or an offset, got ${JSON.stringify(time)}; pass createdAt unchanged.`,
    );
  }
  const [, date, clock, fraction = '', hours, minutes = '00'] = parts;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  return BigInt(Date.parse(`${date}T${clock}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
