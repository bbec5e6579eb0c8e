import { quantile, type Spread, spread } from '../statistics.ts';
import { table } from '../table.ts';
import type { Cold } from './measure.ts';
import type { Cpu, Growth, Measurements } from './rounds.ts';

const ofColds =
  (value: (cold: Cold) => number, cpu: Cpu = 'whole') =>
  ({ colds }: Measurements) =>
    colds[cpu].map(value);
/** Of how many starts the first delivery never waited for CPU time, in percent. */
const inOneSlice = (cpu: Cpu) => (measured: Measurements) => {
  const all = ofColds(({ exhausted }) => exhausted, cpu)(measured);
  return all.length === 0 ? [] : [(100 * all.filter((exhausted) => exhausted === 0).length) / all.length];
};
const ofBlocks =
  (share: number) =>
  ({ environments }: Measurements) =>
    environments.flat().map(({ walls }) => quantile(walls, share));
const first = ({ first }: Cold) => first;
const total = ({ load, first }: Cold) => load + first;

/** What is measured, in the order of the table. */
const MEASURES = {
  'load, ms': ofColds(({ load }) => load),
  'first accepted delivery, ms': ofColds(first),
  'cold total, ms': ofColds(total),
  'first delivery at 256 MB, ms': ofColds(first, 256),
  'first delivery at 512 MB, ms': ofColds(first, 512),
  'first delivery at 1,024 MB, ms': ofColds(first, 1024),
  'cold total at 256 MB, ms': ofColds(total, 256),
  'cold total at 512 MB, ms': ofColds(total, 512),
  'cold total at 1,024 MB, ms': ofColds(total, 1024),
  'first delivery in one slice at 256 MB, %': inOneSlice(256),
  'first delivery in one slice at 512 MB, %': inOneSlice(512),
  'first delivery in one slice at 1,024 MB, %': inOneSlice(1024),
  'load, CPU ms': ofColds(({ loadCpu }) => loadCpu),
  'first accepted delivery, CPU ms': ofColds(({ firstCpu }) => firstCpu),
  'cold total, CPU ms': ofColds(({ loadCpu, firstCpu }) => loadCpu + firstCpu),
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
  { measure: 'cold total at 512 MB, ms', of: 'sdk-only', atMost: 1.05 },
  { measure: 'cold total at 512 MB, ms', of: 'tutorial', atMost: 0.33 },
  { measure: 'cold total, CPU ms', of: 'sdk-only', atMost: 1.12 },
  { measure: 'cold total, CPU ms', of: 'tutorial', atMost: 0.4 },
  { measure: 'warm delivery, CPU ms', of: 'sdk-only', atMost: 1.13 },
  { measure: 'peak memory after the first delivery, MiB', of: 'sdk-only', atMost: 1.1 },
  { measure: 'bundle, KB', atMost: 205 },
];

export function median(all: readonly Measurements[], name: string, measure: Measure): number {
  const found = all.find(({ variant }) => variant.name === name);
  return found === undefined ? Number.NaN : spread(MEASURES[measure](found)).median;
}

/** Medians, from 10 to 90 % in brackets, and the receiver's as multiples of the baselines. */
export function resultTable(all: readonly Measurements[]): string {
  const baselines = ['sdk-only', 'tutorial'];
  const names = all.map(({ variant }) => variant.name);
  const measured = Object.entries(MEASURES).filter(([, of]) => all.every((one) => of(one).length > 0));
  const rows = measured.map(([name, of]) => {
    const spreads = all.map((one) => spread(of(one)));
    const medianOf = (variant: string) => spreads[names.indexOf(variant)]?.median ?? Number.NaN;
    const ratios = baselines.map((baseline) => (medianOf('shipped') / medianOf(baseline)).toFixed(2));
    return [name, ...spreads.map(cell), ...ratios];
  });
  return table(['', ...names, ...baselines.map((name) => `÷ ${name}`)], rows);
}

/** One line a bound: what was measured, and whether it holds. */
export function bounds(all: readonly Measurements[]): string {
  return BOUNDS.map(({ measure, of, atMost }) => {
    const value = median(all, 'shipped', measure) / (of === undefined ? 1 : median(all, of, measure));
    const what = of === undefined ? measure : `${measure} ÷ ${of}`;
    const verdict = Number.isNaN(value) ? 'not measured' : value <= atMost ? 'holds' : 'does not hold';
    return `- ${what}: ${value.toFixed(2)}, at most ${atMost}: ${verdict}`;
  }).join('\n');
}

export function growthTable(growth: readonly Growth[]): string {
  return table(
    ['body', 'stored keys', 'CPU ms', 'wall ms', 'peak memory, MiB', 'log, bytes'],
    growth.map(({ body, keys, cpu, wall, memory, logBytes }) => [
      ...[body, keys, cpu.toFixed(2), wall.toFixed(2), memory.toFixed(0), logBytes],
    ]),
  );
}

function cell({ median, p10, p90 }: Spread): string {
  const digits = median < 10 ? 2 : median < 100 ? 1 : 0;
  const short = (value: number) => value.toFixed(digits);
  return p10 === p90 ? short(median) : `${short(median)} (${short(p10)}–${short(p90)})`;
}
