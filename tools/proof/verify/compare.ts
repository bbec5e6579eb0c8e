import type { Entry } from '../../ops/replay/entry.ts';

/** An event that was answered with 200. */
export interface Sent {
  readonly eventId: string;
  readonly body: string;
}

/** How the events that were accepted compare with what was found. */
export function compare(sent: readonly Sent[], found: readonly Entry[]) {
  const bodies = new Map(found.map(({ eventId, original }) => [eventId, original.body]));
  const lost = sent.filter(({ eventId }) => !bodies.has(eventId)).length;
  const altered = sent.filter(
    ({ eventId, body }) => bodies.has(eventId) && bodies.get(eventId) !== body,
  ).length;
  return {
    isSame: lost === 0 && altered === 0 && bodies.size === sent.length,
    words: `${sent.length} accepted, ${found.length} found, ${lost} lost, ${altered} altered`,
  };
}
