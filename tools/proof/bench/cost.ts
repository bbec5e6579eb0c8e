import { table } from '../table.ts';
import prices from './prices.json' with { type: 'json' };
import type { Growth } from './rounds.ts';
import { shareOf } from './share.ts';

interface CostOptions {
  /** CPU milliseconds of the receiver: medians. */
  readonly cpu: { readonly load: number; readonly first: number; readonly warm: number };
  readonly growth: readonly Growth[];
  /** The share of the deliveries that meet a cold function. */
  readonly coldShare: number;
  /** How long a warm delivery waits for SQS, in milliseconds. */
  readonly wait: number;
  /** Of the function, in MB. */
  readonly memory: number;
  /** The share of the deliveries that X-Ray records. */
  readonly sampled: number;
}

/** What Lambda and API Gateway add to the log for a delivery: `platform.start`, `platform.report`, the access log. */
const PLATFORM_LOG_BYTES = 1_360;
/** Metered in steps of this many bytes. Sources: the services' pricing pages. */
const STEP = { httpApi: 512 * 1024, sqs: 64 * 1024 };

/** What a million deliveries cost, part by part; and what the time of them costs at other sizes of memory. */
export function costTables({ growth, coldShare, wait, memory, sampled, cpu }: CostOptions): string {
  const dollars = (value: number) => value.toFixed(2);
  /**
   * How long a cold start's CPU work takes: the init phase has a whole vCPU, the first delivery this memory's part of one.
   * Source: Serverless Land, "Utilize initialization phase".
   */
  const coldMs = (mb: number) => cpu.load + cpu.first / shareOf(mb);

  /** The price of the time that Lambda bills for a million: CPU time and the wait. Node.js's own start is not in it. */
  const timeOf = ({ cpu: ofOne, isForged }: Growth, mb: number) => {
    const moreWhenCold = coldMs(mb) - cpu.warm / shareOf(mb);
    const ms = Math.ceil(ofOne / shareOf(mb) + moreWhenCold * coldShare + (isForged ? 0 : wait));
    return ms * 1_000 * (mb / 1024) * prices.lambdaArmPerGbSecond;
  };
  const costs = growth.map((one) => {
    const { bytes, isForged, logBytes } = one;
    const parts = {
      'HTTP API': prices.httpApiPerMillion * Math.ceil(bytes / STEP.httpApi),
      'Lambda, requests': prices.lambdaPerMillion,
      'Lambda, time': timeOf(one, memory),
      'SQS, sending': isForged ? 0 : prices.sqsPerMillion * Math.ceil(bytes / STEP.sqs),
      'CloudWatch Logs': ((logBytes + PLATFORM_LOG_BYTES) / 1000) * prices.logsPerGb,
      'X-Ray': prices.tracesPerMillion * sampled,
      // A forged one that meets a cold function causes a refresh of both versions, too. Warm ones' refreshes are left out.
      'Secrets Manager, reads': prices.secretReadsPerMillion * coldShare * (isForged ? 3 : 1),
    };
    const together = Object.values(parts).reduce((sum, part) => sum + part, 0);
    return Object.entries({ ...parts, '**together**': together });
  });
  const [small] = growth;
  const times = [128, 256, 512, 1024, 1769].map((mb) => [
    String(mb),
    shareOf(mb).toFixed(2),
    coldMs(mb).toFixed(0),
    String(Math.ceil(cpu.warm / shareOf(mb) + wait)),
    small === undefined ? '' : dollars(timeOf(small, mb)),
  ]);
  return [
    `A million deliveries in ${prices.region}, ${prices.currency}, prices of ${prices.date}; ${memory} MB, ${coldShare * 100} % cold, ${wait} ms of waiting, ${sampled * 100} % traced`,
    table(
      ['', ...growth.map(({ body }) => body)],
      (costs[0] ?? []).map(([part], row) => [part, ...costs.map((cost) => dollars(cost[row]?.[1] ?? 0))]),
    ),
    `In a month, whatever is delivered: ${prices.secretPerMonth} for the secret, ${prices.metricPerMonth} for each metric that occurs.`,
    table(
      [
        ...['memory, MB', 'vCPU', 'cold CPU takes, ms', 'warm delivery billed, ms'],
        `time of a million, ${coldShare * 100} % cold, USD`,
      ],
      times,
    ),
  ].join('\n\n');
}
