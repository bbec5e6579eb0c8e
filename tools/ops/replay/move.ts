import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Problem } from '../../../contract/event.ts';
import { eventId } from '../../../contract/message.ts';
import { groupOf } from '../../../functions/receiver/queue.ts';
import type { Queues, Sent } from '../../../functions/receiver/receive.ts';
import { type Valid, validate } from '../../../functions/receiver/validate.ts';
import { sentenceOf } from '../../cli/failure.ts';
import { isLeftOver, isProbe } from '../probe.ts';
import { type Entry, toEntry } from './entry.ts';
import { forward } from './forward.ts';
import type { OpenQueue } from './queue.ts';

/** For one message, the second try included. */
const SEND_DEADLINE_MS = 60_000;

/** Where a message belongs: to the subscribers with its event id, or to the stack's quarantine. */
export type Place = { readonly eventId: string } | 'quarantine';

/** What became, or would become, of a message. */
export type Fate =
  | { readonly kind: 'listed' }
  | { readonly kind: 'sendable'; readonly place: Place }
  /** No event, and already where such a message belongs, or not a receiver's. */
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'sent'; readonly place: Place }
  /** Lies on both queues; the next run sends it again, with the same event id. */
  | { readonly kind: 'sentNotRemoved'; readonly place: Place; readonly why: string }
  /** SQS never takes it: its content or its size is what it refuses. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string };

export type Action = 'list' | 'dry-run' | 'apply';

/** The queue that is emptied. */
export interface Source {
  readonly url: string;
  /** Where the messages lie, for a sentence: `in quarantine`. */
  readonly where: string;
  readonly kind: 'quarantine' | 'dead-letters' | 'other';
  /** After how many receives SQS moves a message to the dead-letter queue of this one. */
  readonly maxReceives?: number | undefined;
}

export interface Run {
  readonly action: Action;
  readonly source: Source;
  readonly queue: OpenQueue;
  readonly client: SQSClient;
  readonly outputs: { readonly QueueUrl: string; readonly QuarantineQueueUrl: string };
  readonly publish: Queues['publish'];
  /** Ends the run after the messages under way. */
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry, fate: Fate) => void;
  /** Told of what a doctor left behind; `apply` removes it. */
  readonly onLeftOver?: () => void;
}

/**
 * Goes through a queue once. Never removes a message before SQS confirmed the other, so whatever interrupts it, each
 * lies on one of the queues at least. Ends early when the other queue can't be written.
 */
export async function move(run: Run): Promise<void> {
  const { action, source, queue, signal, onEntry, onLeftOver = () => {} } = run;
  for await (const batch of queue.batches(signal)) {
    const all = batch.map(toEntry);
    // Nobody's events: a doctor's own, which it removes itself unless it was interrupted.
    const leftOver = all.filter((entry) => isLeftOver(entry));
    for (const _ of leftOver) onLeftOver();
    if (action === 'apply') await queue.remove(leftOver.map(({ id }) => id));
    const fates = await fatesOf(all.filter((entry) => !isProbe(entry)));
    const sent = [...fates].filter(([, { kind }]) => kind === 'sent');
    const notRemoved = await queue.remove(sent.map(([{ id }]) => id));
    for (const [entry, fate] of fates) {
      const why = notRemoved.get(entry.id);
      onEntry(
        entry,
        fate.kind === 'sent' && why !== undefined ? { ...fate, kind: 'sentNotRemoved', why } : fate,
      );
    }
    if (notRemoved.size > 0 || [...fates.values()].some(({ kind }) => kind === 'unavailable')) return;
  }

  async function fatesOf(entries: readonly Entry[]): Promise<ReadonlyMap<Entry, Fate>> {
    if (action !== 'apply' || !run.outputs.QueueUrl.endsWith('.fifo')) {
      return new Map(await Promise.all(entries.map(async (entry) => [entry, await fateOf(entry)] as const)));
    }
    // One after the other: a group keeps its order, and nothing overtakes one that could not be sent.
    const fates = new Map<Entry, Fate>();
    for (const entry of entries) {
      const fate = await fateOf(entry);
      fates.set(entry, fate);
      if (fate.kind === 'unavailable') break;
    }
    return fates;
  }

  async function fateOf(entry: Entry): Promise<Fate> {
    if (action === 'list') return { kind: 'listed' };
    const payload = validate(entry.delivery.body);
    const place = placeOf(entry, payload.ok ? payload : undefined, source);
    if (place === undefined) return { kind: 'invalid', problems: payload.ok ? [] : payload.problems };
    if (action === 'dry-run') return { kind: 'sendable', place };
    try {
      const sent = await send(entry, place, payload.ok ? payload : undefined);
      return sent === 'confirmed' ? { kind: 'sent', place } : { kind: 'refused', why: sent };
    } catch (error) {
      // Whatever it is: the rest of the batch may have been sent, and must be removed.
      return { kind: 'unavailable', why: sentenceOf(error) };
    }
  }

  async function send(entry: Entry, place: Place, payload: Valid | undefined): Promise<Sent> {
    const { client, outputs, publish } = run;
    const { id, original, delivery } = entry;
    const deadline = AbortSignal.timeout(SEND_DEADLINE_MS);
    if (place === 'quarantine') {
      const destination = { queueUrl: outputs.QuarantineQueueUrl, groupId: id, deduplicationId: id };
      return forward(client, original, destination, deadline);
    }
    if (entry.eventId === undefined && payload !== undefined) {
      return (await publish(payload, delivery, deadline)).sent;
    }
    const destination = {
      queueUrl: outputs.QueueUrl,
      groupId: groupOf(payload?.event.attemptId ?? entry.attemptId ?? place.eventId),
      // The queue has seen a dead letter's event id. Within 5 minutes it would confirm a second one and drop it.
      deduplicationId: source.kind === 'dead-letters' ? id : place.eventId,
    };
    return forward(client, original, destination, deadline);
  }
}

/** Undefined: it stays. Only what a receiver once accepted or put into quarantine is moved unchecked. */
function placeOf(entry: Entry, payload: Valid | undefined, source: Source): Place | undefined {
  if (entry.eventId !== undefined) return { eventId: entry.eventId };
  if (payload !== undefined) return { eventId: eventId(payload.event) };
  return entry.reason !== undefined && source.kind !== 'quarantine' ? 'quarantine' : undefined;
}
