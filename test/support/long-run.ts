import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { inject } from 'vitest';
import { wholeNumber } from '../../tools/cli/command-line.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether Vitest runs with `--mode long`, as `npm run fuzz` and `npm run chaos` do: much more, and without time limits. */
    long: boolean;
  }
}

export const isLong = inject('long');

const MOST_RUNS = 1_000_000_000;
const MOST_SEED = 2 ** 32 - 1;
/** In `npm test`, which does the same every time. */
const SHORT_SEED = 20_261_123;

/** How much is done: what `RUNS` says, or one of these. */
export function runs(ofShort: number, ofLong: number): number {
  return numberFrom('RUNS', MOST_RUNS) ?? (isLong ? ofLong : ofShort);
}

/** Start of the random numbers: what `SEED` says; in a long run a new one. It is printed, so that a run can be repeated. */
export function printedSeed(): number {
  const seed = numberFrom('SEED', MOST_SEED) ?? (isLong ? randomInt(1, MOST_SEED) : SHORT_SEED);
  console.error(`SEED=${seed}`);
  return seed;
}

/** Where a finding of the fuzzer was, as fast-check told it with the seed: goes there at once. */
export function fuzzPath(): string {
  const path = process.env.FUZZ_PATH ?? '';
  if (/^(\d+(:\d+)*)?$/.test(path)) return path;
  throw new Error(`FUZZ_PATH: expected numbers with colons between, got ${JSON.stringify(path)}`);
}

/** Says how far a long run has come, at each tenth of it. */
export function showProgress(done: number, total: number): void {
  const tenthsOf = (count: number) => Math.floor((count / total) * 10);
  // On stderr: the fuzzer takes stdout for the function's log.
  if (isLong && tenthsOf(done) > tenthsOf(done - 1)) console.error(`${tenthsOf(done) * 10} % of ${total}`);
}

function numberFrom(variable: string, most: number): number | undefined {
  const value = process.env[variable];
  const result = v.safeParse(v.optional(wholeNumber(1, most)), value);
  if (result.success) return result.output;
  throw new Error(`${variable}: expected a whole number from 1 to ${most}, got ${JSON.stringify(value)}`);
}
