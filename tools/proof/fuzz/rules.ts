import fc from 'fast-check';
import { put, replacing, slotsOf } from './slots.ts';

const TIMES = [/^time$/, /^\w+At$/];
/** Mostly the first. */
const mostly = (usual: readonly string[], odd: readonly string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

/** Times on both sides of what the calendar and the clock have, with one thing wrong at a time, mostly. */
const time = fc
  .tuple(
    mostly(['0001', '0004', '1900', '2000', '2023', '2024', '9999'], ['0000', '10000', '-001']),
    fc.constantFrom(
      ...['-02-28', '-02-29', '-02-29', '-02-30', '-04-30', '-04-31', '-06-31', '-09-31', '-11-31'],
      ...['-12-31', '-12-32', '-01-00', '-00-10', '-13-01', '-10-01', '-1-01'],
    ),
    mostly(['T', 'T', ' '], ['t', '']),
    mostly(['00', '09', '12', '23'], ['24', '3']),
    mostly([':00', ':30', ':59'], [':60', '']),
    mostly([':00', ':30', ':59'], [':60', ':61', '']),
    mostly(['', '.0', '.090805', '.123456789'], ['.1234567890', '.', ',5']),
    mostly(['Z', '+00:00', '-0530', '+14', ' +02:00', '+23:59'], ['+24:00', '+02:60', 'z', '', ' Z', '+2']),
  )
  .map((parts) => parts.join(''));

/** Half of a character, and a whole one. */
const half = fc.constantFrom('\uD83D', '\uDEA9\uD83D', 'id-\uDEA9', '\uD83D\uDEA9');

export type Follow = (payload: unknown) => void;

/** What is done to a place of a user status that the contract has a rule for. */
export const rules: fc.Arbitrary<Follow> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(() => {}) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...TIMES), time)
      .map(([name, value]) =>
        replacing((key, old) => (name.test(key) && typeof old === 'string' ? value : old)),
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
