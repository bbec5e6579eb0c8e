import { PROBE_EVENT_TYPE } from './own-tools.ts';
import { UnavailableError } from './retry.ts';
import type { FindKey } from './secrets.ts';
import { decodeSignature, type Key, matchingKey, type Refusal } from './signature.ts';
import type { IsAllowed } from './sources.ts';
import { unknownProperties } from './unknown-properties.ts';
import { type Invalid, type Valid, validate } from './validate.ts';

/** One request to the webhook. Nothing in it is verified yet. */
export interface Delivery {
  /** The bytes that were sent, unchanged. */
  readonly body: Uint8Array;
  /** The signature header's value, unchecked. */
  readonly signature: string | undefined;
  /** The sender's address, as API Gateway saw it; empty when it is not known. */
  readonly source: string;
  readonly receivedAt: Date;
}

/** A delivery that was signed with a stored key. */
export interface Authentic extends Delivery {
  /** The name under which that key is stored; undefined when it has no name. */
  readonly integration: string | undefined;
}

/** Why an authentic delivery goes to quarantine, and its body as text. */
export interface Quarantined extends Omit<Invalid, 'reason'> {
  /** `refused-by-queue`: the main queue refused the message's content. `probe`: the doctor's test delivery. */
  readonly reason: Invalid['reason'] | 'refused-by-queue' | 'probe';
}

/** The result of a delivery; `key` is the key that verified it. */
export type Outcome =
  | {
      readonly kind: 'Accepted';
      readonly eventId: string;
      readonly isReduced: boolean;
      /** The paths of properties that are not in the contract. */
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
 * `confirmed`: SQS stored the message. `reduced`: SQS stored it without its optional attributes, because it was refused or
 * too large with them. `too-large` and `refused`: SQS stored nothing; an immediate retry would not help.
 */
export type SendResult = 'confirmed' | 'reduced' | 'too-large' | 'refused';

/**
 * Sends to the main queue and to the quarantine queue. The result says whether SQS stored the message.
 * @throws UnavailableError when SQS neither confirmed nor refused the message in time.
 */
export interface Queues {
  readonly publish: (
    payload: Valid,
    delivery: Authentic,
    deadline: AbortSignal,
  ) => Promise<{ readonly sent: SendResult; readonly eventId: string }>;
  readonly quarantine: (why: Quarantined, delivery: Authentic, deadline: AbortSignal) => Promise<SendResult>;
}

export type Receive = (delivery: Delivery, deadline: AbortSignal) => Promise<Outcome>;

/**
 * Verifies, validates and publishes a delivery. What is authentic and no event, or refused by the main queue, goes to
 * quarantine.
 */
export function createReceive(
  findKey: FindKey,
  { publish, quarantine }: Queues,
  isAllowed: IsAllowed,
): Receive {
  async function receive(delivery: Delivery, deadline: AbortSignal): Promise<Outcome> {
    if (!isAllowed(delivery.source)) return { kind: 'Refused', reason: 'source-not-allowed' };
    const digest = decodeSignature(delivery.signature);
    if (typeof digest === 'string') return { kind: 'Refused', reason: digest };
    const key = await findKey((keys) => matchingKey(delivery.body, digest, keys), deadline);
    if (key === undefined) return { kind: 'Refused', reason: 'signature-mismatch' };
    const authentic = { ...delivery, integration: key.integration };

    const setAside = async (why: Quarantined): Promise<Outcome> => {
      const kept = await quarantine(why, authentic, deadline);
      if (kept === 'confirmed' || kept === 'reduced') {
        return { kind: 'Quarantined', why, isReduced: kept === 'reduced', key };
      }
      // 503, not 413, when a queue refused the content: it may accept the message once its settings are corrected.
      if (kept === 'refused' || why.reason === 'refused-by-queue') {
        throw new UnavailableError('queue', 'The quarantine queue did not store the message.');
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

const REFUSED = 'payload: expected content that SQS accepts, got other content';
