import type { Problem } from '../../contract/event.ts';
import { eventId } from '../../contract/message.ts';
import type { Queues } from '../../functions/receiver/receive.ts';
import { validate } from '../../functions/receiver/validate.ts';
import { sentenceOf } from '../failure.ts';
import { isLeftOver, isProbe } from '../probe.ts';
import { type Entry, toEntry } from './entry.ts';
import type { Quarantine } from './quarantine.ts';

/** For one message, the second try included. */
const SEND_DEADLINE_MS = 60_000;

/** What became, or would become, of a delivery in quarantine. */
export type Fate =
  | { readonly kind: 'listed' }
  | { readonly kind: 'sendable'; readonly eventId: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'sent'; readonly eventId: string }
  /** Lies on both queues; the next run sends it again, with the same event id. */
  | { readonly kind: 'sentNotRemoved'; readonly eventId: string; readonly why: string }
  /** SQS never takes it: its content or its size is what it refuses. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string };

export type Action = 'list' | 'dry-run' | 'apply';

export interface Replay {
  readonly action: Action;
  readonly quarantine: Quarantine;
  readonly publish: Queues['publish'];
  /** Ends the run after the messages under way. */
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry, fate: Fate) => void;
  /** Told of what a doctor left behind; `apply` removes it. */
  readonly onLeftOver?: () => void;
}

/**
 * Goes through quarantine once. Never removes a message before SQS confirmed the other, so whatever interrupts it, each
 * lies on one of the queues at least. Ends early when the main queue can't be written.
 */
export async function replay(run: Replay): Promise<void> {
  const { action, quarantine, publish, signal, onEntry, onLeftOver = () => {} } = run;
  for await (const batch of quarantine.batches(signal)) {
    const all = batch.map(toEntry);
    // Nobody's events: a doctor's own, which it removes itself unless it was interrupted.
    const entries = all.filter((entry) => !isProbe(entry));
    const leftOver = all.filter((entry) => isLeftOver(entry));
    for (const _ of leftOver) onLeftOver();
    if (action === 'apply') await quarantine.remove(leftOver.map(({ id }) => id));
    const fates = await Promise.all(entries.map(fateOf));
    const sent = entries.filter((_, index) => fates[index]?.kind === 'sent');
    const notRemoved = await quarantine.remove(sent.map(({ id }) => id));
    entries.forEach((entry, index) => {
      const fate = fates[index];
      const why = notRemoved.get(entry.id);
      if (fate?.kind === 'sent' && why !== undefined)
        onEntry(entry, { ...fate, kind: 'sentNotRemoved', why });
      else if (fate !== undefined) onEntry(entry, fate);
    });
    if (fates.some(({ kind }) => kind === 'unavailable') || notRemoved.size > 0) return;
  }

  async function fateOf({ delivery }: Entry): Promise<Fate> {
    if (action === 'list') return { kind: 'listed' };
    const payload = validate(delivery.body);
    if (!payload.ok) return { kind: 'invalid', problems: payload.problems };
    if (action === 'dry-run') return { kind: 'sendable', eventId: eventId(payload.event) };
    try {
      const { sent, ...key } = await publish(payload, delivery, AbortSignal.timeout(SEND_DEADLINE_MS));
      return sent === 'confirmed' ? { kind: 'sent', ...key } : { kind: 'refused', why: sent };
    } catch (error) {
      // Whatever it is: the rest of the batch may have been sent, and must be removed.
      return { kind: 'unavailable', why: sentenceOf(error) };
    }
  }
}
