import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS, type Service } from '../../support/fault.ts';
import type { FaultyStack } from '../../support/faulty-stack.ts';
import { between, pick, type Random, seeded } from '../../support/random.ts';

const CALM_MS = [200, 1_500] as const;
const OUTAGE_MS = [100, 1_000] as const;
const BETWEEN_KILLS_MS = [100, 2_500] as const;

/** How much of an outage's calls fails: some, many, or all. */
const SHARES = [0.02, 0.2, 1] as const;
const SERVICES: readonly (readonly Service[])[] = [['sqs'], ['secretsManager'], ['sqs', 'secretsManager']];

/** Outages come and go, and environments are killed while they handle a delivery. */
export function startOutages(stack: FaultyStack, seed: number) {
  const counts = { outages: 0, killed: 0 };
  let stopped = false;

  const harm = async (random: Random) => {
    while (!stopped) {
      await sleep(between(random, ...CALM_MS));
      const services = pick(random, SERVICES);
      const share = pick(random, SHARES);
      const faults = random() < 0.3 ? FAULTS : [pick(random, FAULTS)];
      const calls = seeded(random() * 2 ** 32);
      const plan = () => (calls() < share ? pick(calls, faults) : undefined);
      for (const service of services) stack.faults[service].plan(plan);
      counts.outages += 1;
      await sleep(between(random, ...OUTAGE_MS));
      for (const service of services) stack.faults[service].heal();
    }
  };

  const kill = async (random: Random) => {
    while (!stopped) {
      await sleep(between(random, ...BETWEEN_KILLS_MS));
      const busy = stack.function.environments().filter(({ state }) => state === 'busy');
      if (stopped || busy.length === 0) continue;
      pick(random, busy).kill();
      counts.killed += 1;
    }
  };

  const running = Promise.all([harm(seeded(seed)), kill(seeded(seed + 1))]);
  return {
    counts,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
