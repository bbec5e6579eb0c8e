import { expect, inject, it } from 'vitest';
import { quantile } from '../../tools/proof/statistics.ts';
import { table } from '../../tools/proof/table.ts';
import { startFaultyStack } from '../support/faulty-stack.ts';
import { isLong, printedSeed, runs, showProgress } from '../support/long-run.ts';
import { seeded } from '../support/random.ts';
import { SECRET } from '../support/webhook.ts';
import { startOutages } from './chaos/outages.ts';
import { startSender } from './chaos/sender.ts';
import { startSubscriber } from './chaos/subscriber.ts';
import { ANSWER_WITHIN_MS } from './rig.ts';

const ENVIRONMENTS = 4;
const total = runs(2_000, 100_000);
const events = Math.ceil(total / 5);

/** The whole stack, a sender, a subscriber, and everything that may go wrong between them. */
async function runChaos(seed: number) {
  const startedAt = performance.now();
  const durations: number[] = [];
  await using started = new AsyncDisposableStack();
  const stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: SECRET,
    maxEnvironments: ENVIRONMENTS,
    onDelivery: ({ ms }) => durations.push(ms),
  });
  started.defer(stack.stop);
  const subscriber = startSubscriber(stack);
  const outages = startOutages(stack, seed);
  const { tally, stored, known, finished } = startSender({
    url: stack.url,
    random: seeded(seed),
    events,
    total,
    concurrency: ENVIRONMENTS,
    onSent: (sent) => showProgress(sent, total),
    onTotal: () => void outages.stop(),
  });
  await finished.finally(outages.stop);
  await subscriber.finish();

  const { received } = subscriber;
  return {
    'distinct events': events,
    sent: tally.sent,
    'acknowledged (200)': tally.accepted,
    'refused (401), authentic': tally.refused,
    'refused, forged': tally.forged - tally.forgedAccepted,
    'unavailable (503)': tally.unavailable,
    'failed (killed in mid-delivery)': tally.failed,
    retried: tally.retried,
    'resent by hand': tally.resent,
    outages: outages.counts.outages,
    'environments killed': outages.counts.killed,
    'messages on the queues': received.messages,
    duplicates: received.messages - received.events.size,
    'wrong event ids': received.wrongIds,
    /** Deliveries answered with 200 whose own message was on no queue, even if another one of the event was. */
    lost: stored.filter((delivery) => !received.deliveries.has(delivery)).length,
    'forged accepted': tally.forgedAccepted,
    'forged on a queue': received.forged,
    /** However often they were sent. */
    'never acknowledged': events - known.size,
    'slowest answer (ms)': Math.round(quantile(durations, 1)),
    'p50 (ms)': Math.round(quantile(durations, 0.5)),
    'p99 (ms)': Math.round(quantile(durations, 0.99)),
    'took (s)': Math.round((performance.now() - startedAt) / 1_000),
  };
}

it('loses nothing it acknowledged and lets nobody in, whatever fails and whoever is killed', {
  timeout: isLong ? 0 : 240_000,
}, async () => {
  const report = await runChaos(printedSeed());
  if (isLong) console.log(table(['count', 'value'], Object.entries(report)));
  expect(report).toMatchObject({
    lost: 0,
    'forged accepted': 0,
    'forged on a queue': 0,
    'refused (401), authentic': 0,
    'wrong event ids': 0,
    'never acknowledged': 0,
  });
  // Otherwise nothing was shown.
  for (const done of [
    'environments killed',
    'outages',
    'unavailable (503)',
    'retried',
    'resent by hand',
    'refused, forged',
  ] as const) {
    expect(report[done], done).toBeGreaterThan(0);
  }
  // How fast npm test is depends on what else the machine does.
  if (isLong) expect(report['slowest answer (ms)']).toBeLessThanOrEqual(ANSWER_WITHIN_MS);
});
