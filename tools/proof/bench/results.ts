import { quantile, type Spread, spread } from '../statistics.ts';
import { table } from '../table.ts';
import type { Cold } from './measure.ts';
import type { Growth, Measurements } from './rounds.ts';

const ofColds =
  (value: (cold: Cold) => number) =>
  ({ colds }: Measurements) =>
    colds.map(value);
const ofBlocks =
  (share: number) =>
  ({ environments }: Measurements) =>
    environments.flat().map(({ walls }) => quantile(walls, share));

/** What is measured, in the order of the table. */
const MEASURES = {
  'load, ms': ofColds(({ load }) => load),
  'first accepted delivery, ms': ofColds(({ first }) => first),
  'cold total, ms': ofColds(({ cold }) => cold),
  'load, CPU ms': ofColds(({ loadCpu }) => loadCpu),
  'first accepted delivery, CPU ms': ofColds(({ loadCpu, coldCpu }) => coldCpu - loadCpu),
  'cold total, CPU ms': ofColds(({ coldCpu }) => coldCpu),
  'warm delivery, CPU ms': ({ environments }) => environments.flat().map(({ cpu }) => cpu),
  'warm delivery, p50 ms': ofBlocks(0.5),
  'warm delivery, p99 ms': ofBlocks(0.99),
  'peak memory after the first delivery, MiB': ofColds(({ memory }) => memory),
  'peak memory after all, MiB': ({ environments }) => environments.map((own) => own.at(-1)?.memory ?? 0),
  'bundle, KB': ({ variant }) => [variant.bytes / 1000],
  'bundle zipped, KB': ({ variant }) => [variant.zipped / 1000],
} as const satisfies Readonly<Record<string, (measured: Measurements) => readonly number[]>>;

type Measure = keyof typeof MEASURES;

/** What the receiver may cost at most, as a multiple of a baseline, or by itself. */
const BOUNDS: readonly { measure: Measure; of?: string; atMost: number }[] = [
  { measure: 'cold total, CPU ms', of: 'sdk-only', atMost: 1.25 },
  { measure: 'cold total, CPU ms', of: 'tutorial', atMost: 0.5 },
  { measure: 'cold total, ms', of: 'tutorial', atMost: 0.45 },
  { measure: 'warm delivery, CPU ms', of: 'sdk-only', atMost: 1.3 },
  { measure: 'peak memory after the first delivery, MiB', of: 'sdk-only', atMost: 1.1 },
  { measure: 'bundle, KB', atMost: 300 },
];

export function median(all: readonly Measurements[], name: string, measure: Measure): number {
  const found = all.find(({ variant }) => variant.name === name);
  return found === undefined ? Number.NaN : spread(MEASURES[measure](found)).median;
}

/** Medians, from 10 to 90 % in brackets, and the receiver's as multiples of the baselines. */
export function resultTable(all: readonly Measurements[]): string {
  const baselines = ['sdk-only', 'tutorial'];
  const rows = Object.entries(MEASURES).map(([name, of]) => {
    const spreads = new Map(all.map((measured) => [measured.variant.name, spread(of(measured))]));
    const medianOf = (variant: string) => spreads.get(variant)?.median ?? Number.NaN;
    const ratios = baselines.map((baseline) => (medianOf('shipped') / medianOf(baseline)).toFixed(2));
    return [name, ...[...spreads.values()].map(cell), ...ratios];
  });
  return table(
    ['', ...all.map(({ variant }) => variant.name), ...baselines.map((name) => `÷ ${name}`)],
    rows,
  );
}

/** One line a bound: what was measured, and whether it holds. */
export function bounds(all: readonly Measurements[]): string {
  return BOUNDS.map(({ measure, of, atMost }) => {
    const value = median(all, 'shipped', measure) / (of === undefined ? 1 : median(all, of, measure));
    const what = of === undefined ? measure : `${measure} ÷ ${of}`;
    return `- ${what}: ${value.toFixed(2)}, at most ${atMost}: ${value <= atMost ? 'holds' : 'does not hold'}`;
  }).join('\n');
}

export function growthTable(growth: readonly Growth[]): string {
  return table(
    ['body', 'CPU ms', 'wall ms', 'peak memory, MiB', 'log, bytes'],
    growth.map(({ body, cpu, wall, memory, logBytes }) => [
      ...[body, cpu.toFixed(2), wall.toFixed(2), memory.toFixed(0), logBytes],
    ]),
  );
}

function cell({ median, p10, p90 }: Spread): string {
  const digits = median < 10 ? 2 : median < 100 ? 1 : 0;
  const short = (value: number) => value.toFixed(digits);
  return p10 === p90 ? short(median) : `${short(median)} (${short(p10)}–${short(p90)})`;
}
