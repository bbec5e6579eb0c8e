import { setTimeout as sleep } from 'node:timers/promises';
import { FAULTS, type Fault, type Service } from './fault.ts';
import { share } from './fault-proxy.ts';
import type { FaultyStack } from './faulty-stack.ts';
import { between, pick, type Random, seeded } from './random.ts';

export interface Chaos {
  killed(): number;
  /** Spells in which calls failed. */
  outages(): number;
  stop(): Promise<void>;
}

const CALM_MS = [200, 1_500] as const;
const OUTAGE_MS = [100, 1_000] as const;
/** Between two kills. */
const KILL_MS = [100, 2_500] as const;

/** How much of a spell's calls fails: some, many, or all. */
const SHARES = [0.02, 0.2, 1] as const;
const SERVICES: readonly (readonly Service[])[] = [['sqs'], ['secretsManager'], ['sqs', 'secretsManager']];

/** Outages come and go, and environments are killed while they handle a delivery. */
export function startChaos(stack: FaultyStack, seed: number): Chaos {
  let killed = 0;
  let outages = 0;
  let stopped = false;

  const kinds = (random: Random): readonly Fault[] => (random() < 0.3 ? FAULTS : [pick(random, FAULTS)]);

  const harm = async (random: Random) => {
    while (!stopped) {
      await sleep(between(random, ...CALM_MS));
      const services = pick(random, SERVICES);
      const part = pick(random, SHARES);
      const faults = kinds(random);
      const calls = seeded(random() * 2 ** 32);
      for (const service of services) stack.faults[service].plan(share(part, faults, calls));
      outages += 1;
      await sleep(between(random, ...OUTAGE_MS));
      for (const service of services) stack.faults[service].heal();
    }
  };

  const kill = async (random: Random) => {
    while (!stopped) {
      await sleep(between(random, ...KILL_MS));
      const busy = stack.function.environments().filter(({ state }) => state === 'busy');
      if (stopped || busy.length === 0) continue;
      pick(random, busy).kill();
      killed += 1;
    }
  };

  const running = Promise.all([harm(seeded(seed)), kill(seeded(seed + 1))]);
  return {
    killed: () => killed,
    outages: () => outages,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
