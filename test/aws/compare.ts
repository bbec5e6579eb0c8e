import { assert } from 'vitest';
import type { Entry } from '../../tools/ops/replay/entry.ts';

/** An event that was answered with 200. */
export interface Sent {
  readonly eventId: string;
  readonly body: string;
}

/** @throws AssertionError unless the events that were accepted are those that were found, byte for byte */
export function compare(sent: readonly Sent[], found: readonly Entry[]): string {
  const bodies = new Map(found.map(({ eventId, original }) => [eventId, original.body]));
  const kept = sent.filter(({ eventId }) => bodies.has(eventId));
  const lost = sent.length - kept.length;
  const altered = kept.filter(({ eventId, body }) => bodies.get(eventId) !== body).length;
  const words = `${sent.length} accepted, ${found.length} found, ${lost} lost, ${altered} altered`;
  assert(lost === 0 && altered === 0 && bodies.size === sent.length, words);
  return words;
}
