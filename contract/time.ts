/** The times of the contract (`createdAt`, `time`): ISO 8601, up to nine digits of a second, `Z` or an offset. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))? ?(Z|[+-]\d\d)(?::?(\d\d))?$/;

/**
 * Whether a status is to replace the one that is held: its `createdAt` is later, to the nanosecond and whatever the
 * offsets. Of one moment neither is newer.
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
  const milliseconds = parts === null ? Number.NaN : Date.parse(inWholeSeconds(parts));
  if (parts === null || Number.isNaN(milliseconds)) {
    throw new RangeError(
      `Expected an ISO 8601 time with Z or an offset, got ${JSON.stringify(time)}; pass createdAt as it came.`,
    );
  }
  return BigInt(milliseconds) * 1_000_000n + BigInt((parts[3] ?? '').padEnd(9, '0'));
}

function inWholeSeconds([, date, clock, , zone, minutes = '00']: RegExpExecArray): string {
  return `${date}T${clock}${zone === 'Z' ? 'Z' : `${zone}:${minutes}`}`;
}
