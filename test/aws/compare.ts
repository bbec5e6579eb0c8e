import { assert } from 'vitest';
import type { Entry } from '../../tools/ops/replay/entry.ts';

/** An event that was answered with 200. */
export interface Sent {
  readonly eventId: string;
  readonly body: string;
}

/**
 * @param others events whose answer was lost or was no 200: SQS may have them all the same
 * @throws AssertionError unless each event that was accepted was found, byte for byte, and at most `others` beside them
 */
export function compare(sent: readonly Sent[], found: readonly Entry[], others = 0): string {
  const bodies = new Map(found.map(({ eventId, original }) => [eventId, original.body]));
  const kept = sent.filter(({ eventId }) => bodies.has(eventId));
  const lost = sent.length - kept.length;
  const altered = kept.filter(({ eventId, body }) => bodies.get(eventId) !== body).length;
  const words = `${sent.length} accepted, ${found.length} found, ${lost} lost, ${altered} altered`;
  assert(lost === 0 && altered === 0 && bodies.size <= sent.length + others, words);
  return words;
}
