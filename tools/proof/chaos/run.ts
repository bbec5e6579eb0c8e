import { startFaultyStack } from '../faulty-stack.ts';
import { seeded } from '../random.ts';
import { quantile } from '../statistics.ts';
import { createDeliveries, FORGED_SESSION, isUnfamiliar } from './deliveries.ts';
import { startOutages } from './outages.ts';
import { startSender } from './sender.ts';
import { type Received, startSubscriber } from './subscriber.ts';

export interface ChaosOptions {
  /** At least so many are made. */
  readonly deliveries: number;
  /** Distinct ones. */
  readonly events: number;
  /** The same one gives the same events, forgeries, outages and kills; how they meet is the machine's doing. */
  readonly seed: number;
  readonly environments: number;
  /** A synthesized assembly to run; without it the stack is synthesized here. */
  readonly assemblyDir?: string;
  /** Called now and then with what was done so far. */
  readonly onProgress?: (line: string) => void;
}

export type ChaosReport = Awaited<ReturnType<typeof runChaos>>;

const PROGRESS_EVERY_MS = 1_000;

/** The whole stack, a sender, a subscriber, and everything that may go wrong between them. */
export async function runChaos({ seed, events, environments, onProgress, ...options }: ChaosOptions) {
  const durations: number[] = [];
  const stack = await startFaultyStack({
    ...(options.assemblyDir !== undefined && { assemblyDir: options.assemblyDir }),
    maxEnvironments: environments,
    onDelivery: ({ ms }) => durations.push(ms),
  });
  try {
    const startedAt = performance.now();
    const random = seeded(seed);
    const subscriber = startSubscriber(stack);
    const outages = startOutages(stack, seed);
    const { tally, finished } = startSender({
      url: stack.url,
      deliveries: await createDeliveries(stack.secret ?? '', random),
      random,
      events,
      total: options.deliveries,
      concurrency: environments,
      onTotal: () => void outages.stop(),
    });
    const timer = setInterval(() => {
      const { accepted: _, ...counts } = { ...tally, ...outages.counts };
      const told = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
      onProgress?.(
        `${Math.min(100, Math.floor((tally.sent / options.deliveries) * 100))} %  ${told.join(', ')}`,
      );
    }, PROGRESS_EVERY_MS);
    await finished.finally(() => clearInterval(timer));
    await outages.stop();
    await subscriber.finish();

    const { accepted, ...counts } = tally;
    const { main, quarantine, messages, wrongIds } = subscriber.received;
    const forgedStored = [main, quarantine].filter(({ sessions }) => sessions.has(FORGED_SESSION)).length;
    return {
      ...counts,
      ...outages.counts,
      seed,
      seconds: (performance.now() - startedAt) / 1_000,
      distinct: events,
      messages,
      /** Messages of an event beyond its first. */
      duplicates: messages - main.sessions.size - quarantine.sessions.size,
      wrongIds,
      forgedAccepted: Math.max(counts.forgedAccepted, forgedStored),
      /** Deliveries answered with 200 whose own message lay on no queue, even if another one of the event did. */
      lost: [...accepted].filter((one) => !isStored(one, subscriber.received)).length,
      /** Events that were never acknowledged, however often they were sent. */
      neverAcknowledged: events - new Set(accepted.values()).size,
      slowestMs: quantile(durations, 1),
      p50Ms: quantile(durations, 0.5),
      p99Ms: quantile(durations, 0.99),
    };
  } finally {
    await stack.stop();
  }
}

function isStored([delivery, event]: readonly [number, number], { main, quarantine }: Received): boolean {
  return (isUnfamiliar(event) ? quarantine : main).deliveries.has(delivery);
}
