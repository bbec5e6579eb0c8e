import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userStatusCreated } from '../../contract/event.ts';
import { isNewer, toNanoseconds } from '../../contract/time.ts';

/** From the year 1 to 9998, so that every offset stays within four digits. */
const instant = fc.bigInt({ min: -62_135_596_800_000_000_000n, max: 253_370_764_799_999_999_999n });
const spelling = fc.record({
  offsetMinutes: fc.integer({ min: -1439, max: 1439 }),
  style: fc.constantFrom('colon', 'basic', 'zulu'),
  separator: fc.constantFrom('T', ' '),
  keepZeros: fc.boolean(),
});
const spelt = fc.tuple(instant, spelling).map(([nanoseconds, how]) => ({
  nanoseconds,
  time: spell(nanoseconds, how),
}));

function spell(nanoseconds: bigint, how: typeof spelling extends fc.Arbitrary<infer T> ? T : never): string {
  const offset = how.style === 'zulu' ? 0 : how.offsetMinutes;
  const fraction = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (nanoseconds - fraction) / 1_000_000_000n;
  const local = new Date(Number(seconds) * 1000 + offset * 60_000).toISOString();
  const digits = String(fraction)
    .padStart(9, '0')
    .replace(how.keepZeros ? /$^/ : /0+$/, '');
  const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  const zone = how.style === 'zulu' ? 'Z' : `${sign}${hours}${how.style === 'colon' ? ':' : ''}${minutes}`;
  return `${local.slice(0, 10)}${how.separator}${local.slice(11, 19)}${digits && `.${digits}`}${zone}`;
}

describe('toNanoseconds', () => {
  it('is exact for every spelling of a time', () => {
    fc.assert(
      fc.property(spelt, ({ nanoseconds, time }) => {
        expect(toNanoseconds(time)).toBe(nanoseconds);
      }),
    );
  });

  it('reads hours alone as an offset', () => {
    expect(toNanoseconds('1970-01-01T01:00:00+01')).toBe(0n);
    expect(toNanoseconds('1969-12-31T23:00:00 -01')).toBe(0n);
  });

  it('reads whatever the schema of createdAt takes', () => {
    const { requirement } = userStatusCreated.entries.time.pipe[1];
    fc.assert(
      fc.property(fc.stringMatching(requirement), (time) => {
        expect(toNanoseconds(time)).toBeTypeOf('bigint');
      }),
    );
  });

  it.each([
    '',
    '2023-10-27',
    '2023-10-27T09:59:15',
    '2023-13-27T09:59:15Z',
    '2023-10-27T09:59:15.1234567890Z',
    'x2023-10-27T09:59:15Z',
  ])('throws a RangeError that says what it got: %j', (time) => {
    expect(() => toNanoseconds(time)).toThrow(
      new RangeError(
        `Expected an ISO 8601 time with Z or an offset, got "${time}"; pass createdAt as it came.`,
      ),
    );
  });
});

describe('isNewer', () => {
  it('says which of two times is later, whatever their spelling', () => {
    fc.assert(
      fc.property(spelt, spelt, (a, b) => {
        expect(isNewer(a.time, b.time)).toBe(a.nanoseconds > b.nanoseconds);
      }),
    );
  });

  it('tells apart what one nanosecond parts', () => {
    fc.assert(
      fc.property(instant, spelling, spelling, (nanoseconds, how, other) => {
        expect(isNewer(spell(nanoseconds + 1n, how), spell(nanoseconds, other))).toBe(true);
        expect(isNewer(spell(nanoseconds, other), spell(nanoseconds + 1n, how))).toBe(false);
      }),
    );
  });

  it('is false for one moment in two spellings', () => {
    expect(isNewer('2023-10-27T11:59:15.09+02:00', '2023-10-27T09:59:15.090000Z')).toBe(false);
  });

  it('sees the microseconds that Veriff sends', () => {
    expect(isNewer('2023-10-27T09:59:15.090806Z', '2023-10-27T09:59:15.090805Z')).toBe(true);
  });
});
