import type { Problem, Unusable } from '../../contract/event.ts';
import { UnavailableError } from './attempt.ts';
import { PROBE_EVENT_TYPE } from './probe.ts';
import type { Keys } from './secrets.ts';
import { digestOf, type Key, type Refusal, type Signed, type Verdict, verify } from './signature.ts';
import type { IsAllowed } from './sources.ts';
import { type Valid, validate } from './validate.ts';

/** One webhook as it came; nothing of it is trusted yet. */
export interface Delivery extends Signed {
  /** The sender's address, as API Gateway saw it; empty when it is not known. */
  readonly source: string;
  readonly receivedAt: Date;
  /** By its user agent, which nobody signs: good for nothing but the doctor's report. */
  readonly isFromTools?: boolean;
}

/** Why an authentic delivery is kept in quarantine, and its text if SQS may take it as it is. */
export interface Quarantined {
  /** `refused-by-queue`: SQS said that it never takes the message. `probe`: the doctor takes it away again. */
  readonly reason: Unusable['reason'] | 'refused-by-queue' | 'probe';
  readonly problems: readonly Problem[];
  readonly eventType?: string;
  readonly text: string | undefined;
}

/** What became of a delivery. */
export type Outcome =
  | { readonly kind: 'Accepted'; readonly eventId: string; readonly stage: Key['stage'] }
  | { readonly kind: 'Quarantined'; readonly why: Quarantined; readonly stage: Key['stage'] }
  | { readonly kind: 'Probed' }
  | { readonly kind: 'TooLarge'; readonly stage: Key['stage'] }
  | { readonly kind: 'Refused'; readonly reason: Refusal | 'source-not-allowed' }
  | { readonly kind: 'Unavailable'; readonly error: UnavailableError };

/** `confirmed`: SQS has the message. The others: it never takes it. */
export type Sent = 'confirmed' | 'too-large' | 'refused';

/**
 * Where deliveries are kept. A promise settles only when SQS has confirmed the message or refused it for good.
 * @throws UnavailableError when SQS did neither in time.
 */
export interface Queues {
  readonly publish: (
    payload: Valid,
    delivery: Delivery,
    deadline: AbortSignal,
  ) => Promise<{ readonly sent: Sent; readonly eventId: string }>;
  readonly quarantine: (why: Quarantined, delivery: Delivery, deadline: AbortSignal) => Promise<Sent>;
}

export type Receive = (delivery: Delivery, deadline: AbortSignal) => Promise<Outcome>;

/** The way of a webhook: verify, validate, publish. What is authentic but unusable goes to quarantine. */
export function createReceive(keys: Keys, { publish, quarantine }: Queues, isAllowed: IsAllowed): Receive {
  async function receive(delivery: Delivery, deadline: AbortSignal): Promise<Outcome> {
    if (!isAllowed(delivery.source)) return { kind: 'Refused', reason: 'source-not-allowed' };
    const verdict = await authenticate(delivery, keys, deadline);
    if (!verdict.ok) return { kind: 'Refused', reason: verdict.reason };
    const { stage } = verdict.key;

    const payload = validate(delivery.body);
    if (!payload.ok) return payload.eventType === PROBE_EVENT_TYPE ? probe(payload) : setAside(payload);
    const { sent, eventId } = await publish(payload, delivery, deadline);
    if (sent === 'refused')
      return setAside({ reason: 'refused-by-queue', problems: [REFUSED], text: undefined });
    return sent === 'confirmed' ? { kind: 'Accepted', eventId, stage } : { kind: 'TooLarge', stage };

    async function probe({ text }: Quarantined): Promise<Outcome> {
      const { kind } = await setAside({ reason: 'probe', problems: [], text });
      return kind === 'Quarantined' ? { kind: 'Probed' } : { kind: 'TooLarge', stage };
    }

    async function setAside(why: Quarantined): Promise<Outcome> {
      const kept = await quarantine(why, delivery, deadline);
      return kept === 'confirmed' ? { kind: 'Quarantined', why, stage } : { kind: 'TooLarge', stage };
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

/** Tries a set of keys at a time: only a mismatch costs a read of the secret. */
async function authenticate(delivery: Delivery, keys: Keys, deadline: AbortSignal): Promise<Verdict> {
  const digest = digestOf(delivery.signature);
  if (typeof digest === 'string') return { ok: false, reason: digest };
  let verdict: Verdict = { ok: false, reason: 'signature-mismatch' };
  for await (const candidates of keys(deadline)) {
    verdict = verify(delivery, candidates);
    if (verdict.ok) return verdict;
  }
  return verdict;
}
