import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userStatusCreated } from '../../contract/event.ts';
import { isNewer, TIME, toNanoseconds } from '../../contract/time.ts';
import { dateAndClock } from '../support/times.ts';

/** From the year 2 to 9998, so that every offset stays within the years 1 to 9999. */
const instant = fc.bigInt({ min: -62_104_060_800_000_000_000n, max: 253_370_764_799_999_999_999n });
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
  const numeric = how.style === 'colon' ? offsetOf(offset) : offsetOf(offset).replace(':', '');
  const zone = how.style === 'zulu' ? 'Z' : numeric;
  return `${local.slice(0, 10)}${how.separator}${local.slice(11, 19)}${digits && `.${digits}`}${zone}`;
}

function offsetOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
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

  it('reads every date and clock that a calendar has, at its moment, and no other', () => {
    const offset = fc.integer({ min: -1439, max: 1439 });
    fc.assert(
      fc.property(dateAndClock, offset, (text, minutes) => {
        const date = new Date(`${text}Z`);
        const real =
          !Number.isNaN(date.getTime()) && date.getUTCFullYear() > 0 && date.toISOString().startsWith(text);
        const time = `${text}${offsetOf(minutes)}`;
        expect(TIME.test(time)).toBe(real);
        if (real) expect(toNanoseconds(time)).toBe(BigInt(date.getTime() - minutes * 60_000) * 1_000_000n);
        else expect(() => toNanoseconds(time)).toThrow(RangeError);
      }),
      { numRuns: 3_000 },
    );
  });

  it('knows the last day of each month in all of 9999 years', () => {
    for (let year = 0; year <= 9999; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        const last = new Date(0);
        last.setUTCFullYear(year, month, 0);
        const time = (day: number) =>
          `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${day}T00:00:00Z`;
        const known = [28, 29, 30, 31, 32].filter((day) => TIME.test(time(day))).at(-1);
        const expected = year === 0 ? undefined : last.getUTCDate();
        if (known !== expected) expect.fail(`${time(known ?? 0)}: expected day ${expected}`);
      }
    }
  });

  it.each(['+00:00', '-00:00', '+23:59', '-2359', '+14', ' +01:00'])('reads an offset: "%s"', (offset) => {
    expect(toNanoseconds(`1970-01-02T00:00:00${offset}`)).toBeTypeOf('bigint');
  });

  it.each(['', 'z', ' Z', '+24:00', '+01:60', '+1', '+05:', '+01:00 ', '  +01:00', '\u221201:00', 'Z\n'])(
    'reads no other offset: %j',
    (offset) => {
      expect(() => toNanoseconds(`1970-01-02T00:00:00${offset}`)).toThrow(RangeError);
    },
  );

  it.each([
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-10-27T24:00:00Z',
    '2023-10-27T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '',
    '2023-10-27',
    '2023-10-27T09:59:15',
    '2023-13-27T09:59:15Z',
    '2023-10-27T09:59:15.1234567890Z',
    'x2023-10-27T09:59:15Z',
  ])('throws a RangeError that says what it got: %j', (time) => {
    expect(() => toNanoseconds(time)).toThrow(
      new RangeError(
        `Expected an ISO 8601 time with Z or an offset, got "${time}"; pass createdAt unchanged.`,
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
