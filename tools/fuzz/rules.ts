import fc from 'fast-check';
import { put, replacing, slotsOf } from './slots.ts';

const TIMES = ['time', 'createdAt'];
const two = (values: readonly number[]) =>
  fc.constantFrom(...values.map((value) => String(value).padStart(2, '0')));

/** Times on both sides of what the calendar and the clock have. */
const time = fc
  .record({
    year: fc.constantFrom('0000', '0001', '0004', '1900', '2000', '2023', '2024', '9999', '10000', '-001'),
    month: two([0, 1, 2, 2, 2, 4, 11, 12, 13]),
    day: two([0, 1, 28, 29, 30, 31, 32]),
    between: fc.constantFrom('T', 'T', 'T', ' ', 't', ''),
    hour: two([0, 9, 12, 23, 23, 24]),
    minute: two([0, 30, 59, 59, 60]),
    second: two([0, 30, 59, 59, 60]),
    fraction: fc.constantFrom('', '', '.0', '.090805', '.123456789', '.1234567890', '.', ',5'),
    zone: fc.constantFrom(
      ...['Z', 'Z', 'Z', '+00:00', '-0530', '+14', ' +02:00', '+23:59', '+24:00', '+02:60', 'z', ''],
    ),
  })
  .map(
    ({ year, month, day, between, hour, minute, second, fraction, zone }) =>
      `${year}-${month}-${day}${between}${hour}:${minute}:${second}${fraction}${zone}`,
  );

/** Half of a character, and a whole one. */
const half = fc.constantFrom('\uD83D', '\uDEA9\uD83D', 'id-\uDEA9', '\uD83D\uDEA9');

/** What is done to a place of a user status that the contract has a rule for. */
export const rules: fc.Arbitrary<(payload: unknown) => void> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(() => {}) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...TIMES), time)
      .map(([name, value]) =>
        replacing((key, old) => (key === name && typeof old === 'string' ? value : old)),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(12), half).map(([at, value]) => {
      return (payload: unknown) => {
        const texts = slotsOf(payload).filter(
          ({ holder, key }) => typeof Reflect.get(holder, key) === 'string',
        );
        const slot = texts[at % texts.length];
        if (slot !== undefined) put(slot.holder, slot.key, value);
      };
    }),
  },
);
