import fc from 'fast-check';

const two = (max: number) => fc.nat(max).map((n) => String(n).padStart(2, '0'));
const year = fc.oneof(fc.constantFrom(0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 2100, 9999), fc.nat(9999));
/** Also 29 to 31 February, month 0 and 13, hour 24, second 60. */
const clock = fc.tuple(
  year.map((n) => String(n).padStart(4, '0')),
  fc.oneof(fc.constant('02'), two(13)),
  fc.oneof(fc.constantFrom('28', '29', '30', '31'), two(32)),
  fc.oneof(two(24), fc.constant('23')),
  two(60),
  two(61),
);

/** A date and a clock, some of which no calendar has, in ISO 8601 without an offset. */
export const dateAndClock = clock.map(([y, mo, d, h, mi, s]) => `${y}-${mo}-${d}T${h}:${mi}:${s}`);

/** A time of the contract, or nearly one: another date, separator, fraction or offset, and perhaps a character too many. */
export const nearlyTime = fc
  .tuple(
    dateAndClock,
    fc.constantFrom('T', 'T', 'T', ' ', 't', ''),
    fc.option(fc.stringMatching(/^[0-9]{0,11}$/)),
    fc.constantFrom(
      'Z',
      '+02:00',
      '-0330',
      '+05',
      ' +01:00',
      '',
      'z',
      '+24:00',
      '-23:59',
      '+01:60',
      '+05:',
      ' Z',
    ),
    fc.nat(24),
    fc.constantFrom('', '', '', '', ' ', '-', '0', '9', '\u0663', '\n'),
  )
  .map(([text, separator, fraction, zone, at, extra]) => {
    const time = `${text.replace('T', separator)}${fraction === null ? '' : `.${fraction}`}${zone}`;
    return time.slice(0, at) + extra + time.slice(at);
  });
