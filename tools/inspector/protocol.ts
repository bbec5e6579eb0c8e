/** What the inspector and its page share: nothing here needs Node.js. */
import type { ShownDelivery } from './history.ts';
import type { readSamples } from './sending.ts';

export const QUEUES = ['main', 'quarantine', 'deadLetter'] as const;
export type QueueKey = (typeof QUEUES)[number];

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

/** What the page is told: all of it after each connection, later what is new. */
export interface News {
  readonly url: string;
  readonly samples: Awaited<ReturnType<typeof readSamples>>;
  /** All that are kept, oldest first. */
  readonly deliveries: readonly ShownDelivery[];
  /** One that came, or that there is more to tell of. */
  readonly delivery: ShownDelivery;
  /** How many there were of each outcome, those that are no longer kept included. */
  readonly counts: Readonly<Record<string, number>>;
}

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
