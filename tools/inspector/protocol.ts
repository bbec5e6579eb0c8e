/** What the inspector and its page tell each other, as JSON. Plain types: the page runs where Node's are unknown. */

export const QUEUES = ['main', 'quarantine', 'deadLetter'] as const;
export type QueueKey = (typeof QUEUES)[number];
/** How many messages lie on each queue, in flight and delayed ones included. */
export type Depths = Readonly<Record<QueueKey, number>>;

/** How many deliveries of each outcome are kept, so that a burst of one doesn't push out the others. */
export const KEPT = 200;

/**
 * Adds a delivery to those that are kept, oldest first, or replaces what was known of it.
 * @returns the one that had to go for it
 */
export function keep<D extends { readonly outcome: string }>(kept: Map<string, D>, id: string, delivery: D) {
  kept.set(id, delivery);
  const [oldest, ...others] = [...kept].filter(([, { outcome }]) => outcome === delivery.outcome);
  if (oldest === undefined || others.length < KEPT) return undefined;
  kept.delete(oldest[0]);
  return oldest[1];
}

/** What became of a delivery; `why` is what the function logged of it, or said in its answer. */
export interface Fate {
  readonly id: string;
  readonly outcome: string;
  /** Of HTTP. */
  readonly status: number;
  readonly why: readonly string[];
}

export interface ShownDelivery extends Fate {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly ms: number;
  /** The status as the payload names it, or else method and path. */
  readonly title: string;
  readonly eventId?: string | undefined;
  readonly coldStartMs?: number | undefined;
  /** The lines that the function logged for it. */
  readonly log: readonly string[];
  /** Nothing more is to come: the line with the outcome is there, or no function was called. */
  readonly isSettled: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** `body` is all of it, and text. */
  readonly isWhole: boolean;
  readonly answer: string;
}

/** What the page is told: all of it after each connection, later what is new. */
export interface News {
  readonly url: string;
  readonly samples: readonly Sample[];
  /** All that are kept, oldest first. */
  readonly deliveries: readonly ShownDelivery[];
  /** One that came, or that there is more to tell of. */
  readonly delivery: ShownDelivery;
  /** How many there were of each outcome, those that are no longer kept included. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface Sample {
  readonly name: string;
  /** What becomes of it when it is signed. */
  readonly outcome: 'accepted' | 'quarantined';
  readonly body: string;
}

export interface QueueMessage {
  readonly id: string;
  readonly sentAt: string;
  readonly receives: number;
  /** Of a message in flight: what a subscriber deletes it with. */
  readonly receiptHandle?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The last two are for a message that was received. */
export const QUEUE_ACTIONS = ['receive', 'fail', 'purge', 'replay', 'delete', 'return'] as const;

/** An order that can't be carried out, and the field of the form that is to blame, if it is one. */
export class OrderError extends Error {
  readonly field: string | undefined;
  constructor(message: string, field: string | undefined) {
    super(message);
    this.field = field;
  }
}

/** A page of another origin cannot set it without asking first, and nobody answers yes. */
export const GUARD_HEADER = 'x-inspector';
