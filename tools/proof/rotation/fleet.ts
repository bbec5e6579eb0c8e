import { createReceive } from '../../../functions/receiver/receive.ts';
import { parseSecretValue } from '../../../functions/receiver/secret-value.ts';
import type { ReadSecret, Stage } from '../../../functions/receiver/secret-version.ts';
import { createKeys } from '../../../functions/receiver/secrets.ts';
import { sign } from '../../../functions/receiver/signature.ts';
import { SecretStore, SecretsManagerError } from '../../local/secret-store.ts';

const NAME = 'drill';
const HOUR_MS = 3_600_000;
/** As the stack configures it. */
export const GRACE_MS = 24 * HOUR_MS;
/** What a delivery may take; see the function's handler. */
const DEADLINE_MS = 3_250;
const WINDOW_MS = 30_000;
/** As long as keys serve that were read; see the function's secrets.ts. */
const OUTAGE_MS = HOUR_MS;
/** The label of a version that is stored and not in use yet. */
export const STAGED = 'AWSPENDING';

/** Environments with one secret between them, and a clock that goes as fast as it is told to. */
export type Fleet = ReturnType<typeof createFleet>;

export function createFleet(size: number, secret: string, body: Uint8Array) {
  let clock = Date.parse('2026-11-23T10:00:00Z');
  const now = () => clock;
  const store = new SecretStore(now);
  store.create(NAME, NAME, { SecretString: secret });
  // So long ago that no key before it is in its grace period.
  store.backdate(NAME, 'AWSCURRENT', 100 * GRACE_MS);
  let failing: readonly Stage[] = [];

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
    const receive = createReceive(
      createKeys(read, { graceMs: GRACE_MS, warn: () => {}, now }).findKey,
      {
        publish: async () => ({ sent: 'confirmed', eventId: '' }),
        quarantine: async () => 'confirmed',
      },
      () => true,
    );
    /** What becomes of a delivery that is signed with this key. */
    const receiveSignedBy = (key: string) =>
      receive(
        { body, source: '', signature: sign(key, body), receivedAt: new Date(clock) },
        AbortSignal.timeout(DEADLINE_MS),
      );
    return { reads, receive: receiveSignedBy };
  };

  return {
    environments: Array.from({ length: size }, start),
    now,
    pass(ms: number) {
      clock += ms;
    },
    /** Stores a value as `AWSCURRENT`, also after the secret was deleted. */
    put(value: string) {
      if (store.list().length === 0) store.create(NAME, NAME, { SecretString: value });
      else store.put(NAME, { SecretString: value });
    },
    /** Stores a value under a label of its own, which nobody reads. */
    stage: (value: string) => void store.put(NAME, { SecretString: value }, { stages: [STAGED] }),
    /** Moves `AWSCURRENT` to the version with this label. */
    promote(label: string) {
      const from = store.get(NAME, { stage: 'AWSCURRENT' }).versionId;
      store.moveStage(NAME, 'AWSCURRENT', from, store.get(NAME, { stage: label }).versionId);
    },
    removePrevious: () => store.removeStage(NAME, 'AWSPREVIOUS'),
    delete: () => store.remove(NAME),
    /** Reads of these versions fail from now on, and of no others. */
    fail(...stages: Stage[]) {
      failing = stages;
    },
    /** A fresh environment; it reads the secret at once. */
    start,
  };
}

function lookUp(store: SecretStore, stage: Stage) {
  try {
    const { versionId: id, value, createdAt } = store.get(NAME, { stage });
    return { id, value: 'SecretString' in value ? value.SecretString : '', createdAt: new Date(createdAt) };
  } catch (error) {
    if (error instanceof SecretsManagerError) return undefined;
    throw error;
  }
}

/** The most reads that fell into any 30 seconds. */
export function mostReadsInWindow({ reads }: { readonly reads: readonly number[] }): number {
  return Math.max(
    0,
    ...reads.map((from, index) => reads.slice(index).filter((at) => at < from + WINDOW_MS).length),
  );
}
