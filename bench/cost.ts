/** Says what a million deliveries cost, part by part; `node bench/cost.ts --help` names the options. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import * as v from 'valibot';
import prices from './prices.json' with { type: 'json' };

const median = v.object({ median: v.number() });
const figures = v.object({
  results: v.array(
    v.object({
      name: v.string(),
      measures: v.object({ loadCpu: median, firstCpu: median, warmCpu: median }),
    }),
  ),
  growth: v.array(
    v.object({ bytes: v.number(), forged: v.boolean(), cpu: v.number(), logBytes: v.number() }),
  ),
});
const share = v.pipe(v.string(), v.transform(Number), v.minValue(0), v.maxValue(1));
const whole = v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'expected a whole number'), v.transform(Number));
const schema = v.object({
  figures: v.string(),
  coldShare: share,
  wait: whole,
  memory: whole,
  sampled: share,
});

/** Of Lambda's CPU: one whole vCPU. Source: Lambda, "Configure Lambda function memory". */
const MB_OF_ONE_VCPU = 1769;
/** What Lambda and API Gateway add to the log for a delivery: `platform.start`, `platform.report`, the access log. */
const PLATFORM_LOG_BYTES = 1_360;
/** Metered in steps of this many bytes. Sources: the services' pricing pages. */
const STEP = { httpApi: 512 * 1024, sqs: 64 * 1024 };

function readOptions() {
  const program = new Command('cost')
    .option('--figures <file>', 'what the bench wrote with --json', 'docs/performance.json')
    .option('--cold-share <share>', 'share of the deliveries that meet a cold function', '0.1')
    .option('--wait <ms>', 'how long a warm delivery waits for SQS', '15')
    .option('--memory <mb>', 'memory of the function', '512')
    .option(
      '--sampled <share>',
      'share of the deliveries that X-Ray records: 1 up to one a second, later 0.05',
      '1',
    )
    .parse();
  const parsed = v.safeParse(schema, program.opts());
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return program.error(`--${v.getDotPath(issue)}: ${issue.message}, got ${JSON.stringify(issue.input)}`);
}

const options = readOptions();
const { results, growth } = v.parse(figures, JSON.parse(await readFile(options.figures, 'utf8')));
const shipped = results.find(({ name }) => name === 'shipped');
if (shipped === undefined) throw new Error(`expected figures of the shipped bundle in ${options.figures}`);
const { loadCpu, firstCpu, warmCpu } = shipped.measures;

type Measured = (typeof growth)[number];

/** This memory's part of a vCPU, as far as one thread can use it. */
function shareOf(memory: number): number {
  return Math.min(memory / MB_OF_ONE_VCPU, 1);
}

/** The init phase on a whole vCPU, and the first delivery on this memory's part of one. Source: Serverless Land, "Utilize initialization phase". */
function coldMs(memory: number): number {
  return loadCpu.median + firstCpu.median / shareOf(memory);
}

/** Milliseconds that Lambda bills on average: CPU time and the wait. Node.js's own start is not in it. */
function billedMs({ cpu, forged }: Measured, memory: number): number {
  const warmMs = cpu / shareOf(memory);
  const moreWhenCold = coldMs(memory) - warmCpu.median / shareOf(memory);
  return Math.ceil(warmMs + moreWhenCold * options.coldShare + (forged ? 0 : options.wait));
}

/** What a million deliveries of one kind cost. */
function costOf(measured: Measured) {
  const { bytes, forged, logBytes } = measured;
  const gbSeconds = 1e6 * (billedMs(measured, options.memory) / 1000) * (options.memory / 1024);
  return {
    'HTTP API': prices.httpApiPerMillion * Math.ceil(bytes / STEP.httpApi),
    'Lambda, requests': prices.lambdaPerMillion,
    'Lambda, time': gbSeconds * prices.lambdaArmPerGbSecond,
    'SQS, sending': forged ? 0 : prices.sqsPerMillion * Math.ceil(bytes / STEP.sqs),
    'CloudWatch Logs': ((logBytes + PLATFORM_LOG_BYTES) / 1000) * prices.logsPerGb,
    'X-Ray': prices.tracesPerMillion * options.sampled,
    'Secrets Manager, reads': prices.secretReadsPerMillion * options.coldShare,
  };
}

const columns = growth.map((measured) => ({
  title: `${measured.bytes / 1000} KB${measured.forged ? ', forged' : ''}`,
  cost: costOf(measured),
}));
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const dollars = (value: number) => value.toFixed(2);
const parts = Object.keys(columns[0]?.cost ?? {});
console.log(
  [
    `A million deliveries in ${prices.region}, ${prices.currency}, prices of ${prices.date}; ${options.memory} MB, ${options.coldShare * 100} % cold, ${options.wait} ms of waiting, ${options.sampled * 100} % traced\n`,
    line(['', ...columns.map(({ title }) => title)]),
    line(['---', ...columns.map(() => '---:')]),
    ...parts.map((part) =>
      line([
        part,
        ...columns.map(({ cost }) => dollars(Object.entries(cost).find(([name]) => name === part)?.[1] ?? 0)),
      ]),
    ),
    line([
      '**together**',
      ...columns.map(
        ({ cost }) => `**${dollars(Object.values(cost).reduce((sum, value) => sum + value, 0))}**`,
      ),
    ]),
    `\nIn a month, whatever is delivered: ${prices.secretPerMonth} for the secret, ${prices.metricPerMonth} for each metric that occurs.\n`,
    line([
      'memory, MB',
      'vCPU',
      'cold CPU takes, ms',
      'warm delivery billed, ms',
      `time of a million, ${options.coldShare * 100} % cold, USD`,
    ]),
    line(['---:', '---:', '---:', '---:', '---:']),
    ...[128, 256, 512, 1024, 1769].map((memory) => {
      const small = growth.find(({ forged }) => !forged);
      const billed = small === undefined ? Number.NaN : billedMs(small, memory);
      return line([
        String(memory),
        shareOf(memory).toFixed(2),
        coldMs(memory).toFixed(0),
        (warmCpu.median / shareOf(memory) + options.wait).toFixed(0),
        dollars(billed * 1000 * (memory / 1024) * prices.lambdaArmPerGbSecond),
      ]);
    }),
  ].join('\n'),
);
