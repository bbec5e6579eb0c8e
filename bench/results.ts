import type { Block, Cold } from './measure.ts';
import { quantile, type Spread, spread } from './statistics.ts';
import type { Variant } from './variants.ts';

/** All that was measured of one variant; times in ms, memory in MiB, sizes in bytes. */
export interface Result {
  readonly name: string;
  readonly measures: Readonly<Record<Measure, Spread>>;
}

/** What is measured, in the order of the table, and how it is called there. */
const MEASURES = {
  load: 'load, ms',
  first: 'first accepted delivery, ms',
  cold: 'cold total, ms',
  loadCpu: 'load, CPU ms',
  firstCpu: 'first accepted delivery, CPU ms',
  coldCpu: 'cold total, CPU ms',
  warmCpu: 'warm delivery, CPU ms',
  warmP50: 'warm delivery, p50 ms',
  warmP99: 'warm delivery, p99 ms',
  coldMemory: 'peak memory after the first delivery, MiB',
  warmMemory: 'peak memory after all, MiB',
  bytes: 'bundle, KB',
  zipped: 'bundle zipped, KB',
} as const;

type Measure = keyof typeof MEASURES;

export function resultOf(
  variant: Variant,
  colds: readonly Cold[],
  environments: readonly (readonly Block[])[],
): Result {
  const blocks = environments.flat();
  const constant = (bytes: number) => spread([bytes / 1000]);
  const ofBlocks = (share: number) => spread(blocks.map(({ walls }) => quantile(walls, share)));
  return {
    name: variant.name,
    measures: {
      load: spread(colds.map(({ load }) => load)),
      first: spread(colds.map(({ first }) => first)),
      cold: spread(colds.map(({ cold }) => cold)),
      loadCpu: spread(colds.map(({ loadCpu }) => loadCpu)),
      firstCpu: spread(colds.map(({ loadCpu, coldCpu }) => coldCpu - loadCpu)),
      coldCpu: spread(colds.map(({ coldCpu }) => coldCpu)),
      warmCpu: spread(blocks.map(({ cpu }) => cpu)),
      warmP50: ofBlocks(0.5),
      warmP99: ofBlocks(0.99),
      coldMemory: spread(colds.map(({ memory }) => memory)),
      warmMemory: spread(environments.flatMap((own) => own.slice(-1)).map(({ memory }) => memory)),
      bytes: constant(variant.bytes),
      zipped: constant(variant.zipped),
    },
  };
}

/** What the receiver may cost at most, as a multiple of a baseline, or in KB. */
const BOUNDS: readonly { measure: Measure; of?: string; atMost: number }[] = [
  { measure: 'coldCpu', of: 'sdk-only', atMost: 1.25 },
  { measure: 'coldCpu', of: 'tutorial', atMost: 0.5 },
  { measure: 'cold', of: 'tutorial', atMost: 0.45 },
  { measure: 'warmCpu', of: 'sdk-only', atMost: 1.3 },
  { measure: 'coldMemory', of: 'sdk-only', atMost: 1.1 },
  { measure: 'bytes', atMost: 300 },
];

/** A Markdown table: medians, from 10 to 90 % in brackets, and the receiver's as multiples of the baselines. */
export function table(results: readonly Result[]): string {
  const header = ['', ...results.map(({ name }) => name), '÷ sdk-only', '÷ tutorial'];
  const rows = measures().map((measure) => [
    MEASURES[measure],
    ...results.map(({ measures }) => cell(measures[measure])),
    ...['sdk-only', 'tutorial'].map((name) => ratio(results, measure, name).toFixed(2)),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(['---', ...header.slice(1).map(() => '---:')]), ...rows.map(line)].join('\n');
}

/** One line a bound: what was measured, and whether it holds. */
export function bounds(results: readonly Result[]): string {
  return BOUNDS.map(({ measure, of, atMost }) => {
    const value = of === undefined ? median(results, 'shipped', measure) : ratio(results, measure, of);
    const what =
      of === undefined ? MEASURES[measure] : `${MEASURES[measure].replace(/, [^,]*$/, '')} ÷ ${of}`;
    const subject = measure === 'coldCpu' || measure === 'warmCpu' ? what.replace(' ÷', ', CPU ÷') : what;
    return `- ${subject}: ${value.toFixed(2)}, at most ${atMost}: ${value <= atMost ? 'holds' : 'does not hold'}`;
  }).join('\n');
}

/** A chart in Mermaid, which GitHub draws: the median cold start of each. */
export function coldChart(results: readonly Result[]): string {
  const names = results.map(({ name }) => JSON.stringify(name));
  const times = results.map(({ measures }) => measures.cold.median.toFixed(1));
  return [
    '```mermaid',
    'xychart-beta horizontal',
    '  title "Cold total, ms (medians)"',
    `  x-axis [${names.join(', ')}]`,
    `  y-axis "ms" 0 --> ${Math.ceil(Math.max(...times.map(Number)) / 10) * 10}`,
    `  bar [${times.join(', ')}]`,
    '```',
  ].join('\n');
}

function measures(): Measure[] {
  return Object.keys(MEASURES).filter((key): key is Measure => key in MEASURES);
}

function ratio(results: readonly Result[], measure: Measure, name: string): number {
  return median(results, 'shipped', measure) / median(results, name, measure);
}

function median(results: readonly Result[], name: string, measure: Measure): number {
  return results.find((result) => result.name === name)?.measures[measure].median ?? Number.NaN;
}

function cell({ median, p10, p90 }: Spread): string {
  const digits = median < 10 ? 2 : median < 100 ? 1 : 0;
  const short = (value: number) => value.toFixed(digits);
  return p10 === p90 ? short(median) : `${short(median)} (${short(p10)}–${short(p90)})`;
}
