import { createReceive } from '../../../functions/receiver/receive.ts';
import { parseSecretValue } from '../../../functions/receiver/secret-value.ts';
import type { ReadSecret, StagingLabel } from '../../../functions/receiver/secret-version.ts';
import { createKeyCache } from '../../../functions/receiver/secrets.ts';
import { sign } from '../../../functions/receiver/signature.ts';
import {
  createSecretStore,
  type SecretStore,
  SecretsManagerError,
} from '../../../tools/local/secret-store.ts';
import { veriffSample } from '../../support/samples.ts';

export const HOUR_MS = 3_600_000;
/** As the stack configures it. */
export const GRACE_MS = 24 * HOUR_MS;
const NAME = 'drill';
const BODY = Buffer.from(veriffSample.body);
/** The fleet's clock stands still while a delivery is under way, so none is late. */
const NO_DEADLINE = new AbortController().signal;
/** As long as keys serve that were read; see the function's secrets.ts. */
const OUTAGE_MS = HOUR_MS;
const WINDOW_MS = 30_000;

/** Environments with one secret between them, and a clock that goes as fast as it is told to. */
export type Fleet = ReturnType<typeof createFleet>;

export function createFleet(secret: string) {
  let clock = Date.parse('2026-11-23T10:00:00Z');
  const now = () => clock;
  const store = createSecretStore(now);
  store.create(NAME, NAME, { SecretString: secret });
  // So long ago that no key before it is in its grace period.
  store.backdate(NAME, 'AWSCURRENT', 100 * GRACE_MS);
  let failing: readonly StagingLabel[] = [];

  const start = () => {
    /** When it read a version of the secret while it held keys, in milliseconds. */
    const reads: number[] = [];
    let holdsUntil = Number.NEGATIVE_INFINITY;
    const read: ReadSecret = async (stage) => {
      if (clock < holdsUntil) reads.push(clock);
      if (failing.includes(stage)) throw new Error('The store is failing.');
      const version = lookUp(store, stage);
      if (stage === 'AWSCURRENT') {
        const isUsable = version !== undefined && parseSecretValue(version.value).ok;
        holdsUntil = isUsable ? clock + OUTAGE_MS : Number.NEGATIVE_INFINITY;
      }
      return version;
    };
    const { findKey } = createKeyCache(read, { graceMs: GRACE_MS, warn: () => {}, now });
    const queues = {
      publish: async () => ({ sent: 'confirmed', eventId: '' }) as const,
      quarantine: async () => 'confirmed' as const,
    };
    const receive = createReceive(findKey, queues, () => true);
    return {
      reads,
      /** What becomes of a delivery that is signed with this key. */
      receive: (key: string) =>
        receive(
          { body: BODY, source: '', signature: sign(key, BODY), receivedAt: new Date(clock) },
          NO_DEADLINE,
        ),
    };
  };

  return {
    environments: Array.from({ length: 4 }, start),
    now,
    pass(ms: number) {
      clock += ms;
    },
    /** Stores a value as `AWSCURRENT`, also after the secret was deleted. */
    put(value: string) {
      if (store.list().length === 0) store.create(NAME, NAME, { SecretString: value });
      else store.put(NAME, { SecretString: value });
    },
    /** Stores a value under a label that no environment reads. */
    stage: (value: string, label: string) =>
      void store.put(NAME, { SecretString: value }, { stages: [label] }),
    /** Moves `AWSCURRENT` to the version with this label. */
    promote(label: string) {
      const from = store.get(NAME, { stage: 'AWSCURRENT' }).versionId;
      store.moveStage(NAME, 'AWSCURRENT', from, store.get(NAME, { stage: label }).versionId);
    },
    removePrevious: () => store.removeStage(NAME, 'AWSPREVIOUS'),
    delete: () => store.remove(NAME),
    /** Reads of these versions fail from now on, and of no others. */
    fail(...stages: StagingLabel[]) {
      failing = stages;
    },
    /** A cold environment takes the place of one. */
    replaceOne() {
      this.environments.splice(0, 1, start());
    },
    /** The most reads of one environment that fell into any 30 seconds. */
    mostReads() {
      const inWindow = (reads: readonly number[]) =>
        reads.map((from, index) => reads.slice(index).filter((at) => at < from + WINDOW_MS).length);
      return Math.max(0, ...this.environments.flatMap(({ reads }) => inWindow(reads)));
    },
  };
}

function lookUp(store: SecretStore, stage: StagingLabel) {
  try {
    const { versionId: id, value, createdAt } = store.get(NAME, { stage });
    return { id, value: 'SecretString' in value ? value.SecretString : '', createdAt: new Date(createdAt) };
  } catch (error) {
    if (error instanceof SecretsManagerError) return undefined;
    throw error;
  }
}
