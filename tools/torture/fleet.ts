import { createReceive, type Delivery, type Outcome } from '../../functions/receiver/receive.ts';
import { createKeys, type ReadSecret } from '../../functions/receiver/secrets.ts';
import { type SecretStore, SecretsManagerError, SecretStore as Store } from '../local/secret-store.ts';

const NAME = 'drill';
/** As the stack configures it. */
export const GRACE_MS = 24 * 3_600_000;
/** What a delivery may take; see the function's handler. */
const DEADLINE_MS = 3_250;
const WINDOW_MS = 30_000;

/** What an environment of the function does with a delivery, in this process. */
export interface Environment {
  receive(delivery: Omit<Delivery, 'receivedAt'>): Promise<Outcome>;
  /** When it read the secret once it had a value, in milliseconds. */
  readonly reads: readonly number[];
}

/** Environments with one secret between them, and a clock that goes as fast as it is told to. */
export interface Fleet {
  readonly environments: Environment[];
  readonly now: () => number;
  pass(ms: number): void;
  put(value: string): void;
  /** Takes `AWSPREVIOUS` away. */
  removePrevious(): void;
  /** Reads of the secret fail until told otherwise. */
  failing: boolean;
  /** A fresh environment; it reads the secret at once. */
  start(): Environment;
}

export function createFleet(size: number, secret: string): Fleet {
  let clock = Date.parse('2026-11-23T10:00:00Z');
  const now = () => clock;
  const store: SecretStore = new Store(now);
  store.create(NAME, NAME, { SecretString: secret });
  // So long ago that no key before it is in its grace period.
  store.backdate(NAME, 'AWSCURRENT', 100 * GRACE_MS);

  const start = (): Environment => {
    const reads: number[] = [];
    let hasValue = false;
    const read: ReadSecret = async (stage) => {
      if (hasValue) reads.push(clock);
      if (fleet.failing) throw new Error('The store is failing.');
      const version = lookUp(store, stage);
      hasValue ||= version !== undefined && !isBroken(version.value);
      return version;
    };
    const receive = createReceive(
      createKeys(read, { graceMs: GRACE_MS, warn: () => {}, now }),
      {
        publish: async () => ({ sent: 'confirmed', eventId: '' }),
        quarantine: async () => 'confirmed',
      },
      () => true,
    );
    return {
      reads,
      receive: (delivery) =>
        receive({ ...delivery, receivedAt: new Date(clock) }, AbortSignal.timeout(DEADLINE_MS)),
    };
  };

  const fleet: Fleet = {
    environments: [],
    now,
    pass(ms) {
      clock += ms;
    },
    put: (value) => void store.put(NAME, { SecretString: value }),
    removePrevious: () => store.removeStage(NAME, 'AWSPREVIOUS'),
    failing: false,
    start,
  };
  fleet.environments.push(...Array.from({ length: size }, start));
  return fleet;
}

/** No environment can begin with it. */
export const BROKEN = '{"quick":';
const isBroken = (value: string) => value === BROKEN;

function lookUp(store: SecretStore, stage: string) {
  try {
    const { versionId: id, value, createdAt } = store.get(NAME, { stage });
    return { id, value: 'SecretString' in value ? value.SecretString : '', createdAt: new Date(createdAt) };
  } catch (error) {
    if (error instanceof SecretsManagerError) return undefined;
    throw error;
  }
}

/** The most reads that fell into any 30 seconds. */
export function mostReadsInWindow({ reads }: Environment): number {
  return Math.max(
    0,
    ...reads.map((from, index) => reads.slice(index).filter((at) => at < from + WINDOW_MS).length),
  );
}
