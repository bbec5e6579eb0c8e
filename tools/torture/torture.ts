import { startChaos } from './chaos.ts';
import { createDeliveries, FORGED_SESSION, isUnfamiliar } from './deliveries.ts';
import { startFaultyStack } from './faulty-stack.ts';
import { seeded } from './random.ts';
import { startSender, type Tally } from './sender.ts';
import { type Received, startSubscriber } from './subscriber.ts';

export interface TortureOptions {
  /** At least so many are made. */
  readonly deliveries: number;
  /** Distinct ones. */
  readonly events: number;
  /** The same one gives the same events, forgeries, outages and kills; how they meet is the machine's doing. */
  readonly seed: number;
  readonly environments: number;
  /** A synthesized assembly to run; without it the stack is synthesized here. */
  readonly assemblyDir?: string;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly tally: Readonly<Tally>;
  readonly killed: number;
  readonly outages: number;
}

export interface TortureReport extends Omit<Tally, 'events' | 'accepted'> {
  readonly seed: number;
  readonly seconds: number;
  readonly distinct: number;
  readonly killed: number;
  readonly outages: number;
  readonly messages: number;
  /** Messages of an event beyond its first. */
  readonly duplicates: number;
  readonly wrongIds: number;
  /** Deliveries answered with 200 whose own message lay on no queue, even if another one of the event did. */
  readonly lost: number;
  /** Events that were never acknowledged, however often they were sent. */
  readonly neverAcknowledged: number;
  readonly slowestMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const PROGRESS_EVERY_MS = 2_000;

/** The whole stack, a sender, a subscriber, and everything that may go wrong between them. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { seed, events, environments, onProgress = () => {} } = options;
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
    const chaos = startChaos(stack, seed);
    const sender = startSender({
      url: stack.url,
      deliveries: await createDeliveries(stack.secret ?? '', random),
      random,
      events,
      total: options.deliveries,
      concurrency: environments,
      onTotal: () => void chaos.stop(),
    });
    const { tally } = sender;
    const tell = () => onProgress({ tally, killed: chaos.killed(), outages: chaos.outages() });
    const timer = setInterval(tell, PROGRESS_EVERY_MS);
    await sender.finished.finally(() => clearInterval(timer));
    await chaos.stop();
    await subscriber.finish();
    const { events: acknowledged, accepted, ...counts } = tally;
    const { main, quarantine } = subscriber.received;
    const forgedStored = [main, quarantine].filter(({ sessions }) => sessions.has(FORGED_SESSION)).length;
    return {
      ...counts,
      ...readingsOf(durations),
      seed,
      seconds: (performance.now() - startedAt) / 1_000,
      distinct: events,
      killed: chaos.killed(),
      outages: chaos.outages(),
      messages: subscriber.received.messages,
      duplicates: subscriber.received.messages - main.sessions.size - quarantine.sessions.size,
      wrongIds: subscriber.received.wrongIds,
      forgedAccepted: Math.max(counts.forgedAccepted, forgedStored),
      lost: [...accepted].filter((one) => !isStored(one, subscriber.received)).length,
      neverAcknowledged: events - acknowledged.size,
    };
  } finally {
    await stack.stop();
  }
}

function isStored([delivery, event]: readonly [number, number], { main, quarantine }: Received): boolean {
  return (isUnfamiliar(event) ? quarantine : main).deliveries.has(delivery);
}

function readingsOf(durations: readonly number[]) {
  const sorted = Float64Array.from(durations).sort();
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { slowestMs: at(1), p50Ms: at(0.5), p99Ms: at(0.99) };
}
