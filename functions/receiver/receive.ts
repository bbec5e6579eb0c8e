import type { Problem, Unusable } from '../../contract/event.ts';
import { UnavailableError } from './attempt.ts';
import { PROBE_EVENT_TYPE } from './probe.ts';
import type { FindKey } from './secrets.ts';
import { digestOf, type Key, type Refusal, signerOf } from './signature.ts';
import type { IsAllowed } from './sources.ts';
import { unknownProperties } from './unknown-properties.ts';
import { type Valid, validate } from './validate.ts';

/** One webhook as it came; nothing of it is trusted yet. */
export interface Delivery {
  /** The bytes as they came. */
  readonly body: Uint8Array;
  /** The signature header's value, unchecked. */
  readonly signature: string | undefined;
  /** The sender's address, as API Gateway saw it; empty when it is not known. */
  readonly source: string;
  readonly receivedAt: Date;
}

/** A delivery that one of the stored keys signed. */
export interface Authentic extends Delivery {
  /** The name under which that key is stored; undefined: it has none. */
  readonly integration: string | undefined;
}

/** Why an authentic delivery is kept in quarantine, and its text if SQS may take it as it is. */
export interface Quarantined {
  /** `refused-by-queue`: SQS said that it never takes the message. `probe`: the doctor takes it away again. */
  readonly reason: Unusable['reason'] | 'refused-by-queue' | 'probe';
  readonly problems: readonly Problem[];
  readonly eventType?: string;
  /** Which other webhook of Veriff it is. */
  readonly webhook?: string;
  readonly text: string | undefined;
}

/** What became of a delivery; `key` is the one that verified it. */
export type Outcome =
  | {
      readonly kind: 'Accepted';
      readonly eventId: string;
      readonly isReduced: boolean;
      /** Paths of properties that the contract does not have. */
      readonly unknown: readonly string[];
      readonly key: Key;
    }
  | {
      readonly kind: 'Quarantined';
      readonly why: Quarantined;
      readonly isReduced: boolean;
      readonly key: Key;
    }
  | { readonly kind: 'Probed' }
  | { readonly kind: 'TooLarge'; readonly key: Key }
  | { readonly kind: 'Refused'; readonly reason: Refusal | 'source-not-allowed' }
  | { readonly kind: 'Unavailable'; readonly error: UnavailableError };

/**
 * `confirmed`: SQS has the message. `reduced`: it has the message without what it does not need, which SQS had refused.
 * The others: it never takes it.
 */
export type Sent = 'confirmed' | 'reduced' | 'too-large' | 'refused';

/**
 * Where deliveries are kept. A promise settles only when SQS has confirmed the message or refused it for good.
 * @throws UnavailableError when SQS did neither in time.
 */
export interface Queues {
  readonly publish: (
    payload: Valid,
    delivery: Authentic,
    deadline: AbortSignal,
  ) => Promise<{ readonly sent: Sent; readonly eventId: string }>;
  readonly quarantine: (why: Quarantined, delivery: Authentic, deadline: AbortSignal) => Promise<Sent>;
}

export type Receive = (delivery: Delivery, deadline: AbortSignal) => Promise<Outcome>;

/** The way of a webhook: verify, validate, publish. What is authentic but unusable goes to quarantine. */
export function createReceive(
  findKey: FindKey,
  { publish, quarantine }: Queues,
  isAllowed: IsAllowed,
): Receive {
  async function receive(delivery: Delivery, deadline: AbortSignal): Promise<Outcome> {
    if (!isAllowed(delivery.source)) return { kind: 'Refused', reason: 'source-not-allowed' };
    const digest = digestOf(delivery.signature);
    if (typeof digest === 'string') return { kind: 'Refused', reason: digest };
    const key = await findKey((keys) => signerOf(delivery.body, digest, keys), deadline);
    if (key === undefined) return { kind: 'Refused', reason: 'signature-mismatch' };
    const authentic = { ...delivery, integration: key.integration };

    const setAside = async (why: Quarantined): Promise<Outcome> => {
      const kept = await quarantine(why, authentic, deadline);
      if (kept === 'confirmed' || kept === 'reduced') {
        return { kind: 'Quarantined', why, isReduced: kept === 'reduced', key };
      }
      // What a queue refused may be taken once the queue is mended; only the size of a body never changes.
      if (kept === 'refused' || why.reason === 'refused-by-queue') {
        throw new UnavailableError('queue', 'The quarantine queue refuses the message.');
      }
      return { kind: 'TooLarge', key };
    };

    const payload = validate(delivery.body);
    if (!payload.ok) {
      if (payload.eventType !== PROBE_EVENT_TYPE) return setAside(payload);
      const { kind } = await setAside({ reason: 'probe', problems: [], text: payload.text });
      return kind === 'Quarantined' ? { kind: 'Probed' } : { kind: 'TooLarge', key };
    }
    const { sent, eventId } = await publish(payload, authentic, deadline);
    switch (sent) {
      case 'confirmed':
      case 'reduced':
        return {
          kind: 'Accepted',
          eventId,
          isReduced: sent === 'reduced',
          unknown: unknownProperties(payload.event),
          key,
        };
      case 'too-large':
        return { kind: 'TooLarge', key };
      case 'refused':
        return setAside({ reason: 'refused-by-queue', problems: [REFUSED], text: undefined });
    }
  }

  return async (delivery, deadline) => {
    try {
      return await receive(delivery, deadline);
    } catch (error) {
      if (error instanceof UnavailableError) return { kind: 'Unavailable', error };
      throw error;
    }
  };
}

const REFUSED = 'payload: expected a message that SQS takes, got one that it refuses';
