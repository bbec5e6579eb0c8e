import { PROBE_EVENT_TYPE } from '../../functions/receiver/probe.ts';
import type { Entry } from './replay/entry.ts';

const PROBE_REASON = 'probe';

/** No doctor waits for its probe any longer. */
const LEFT_OVER_MS = 10 * 60_000;

/** A receiver that was deployed before there were probes gives another reason. */
export function isProbe({ reason, eventType }: Entry): boolean {
  return reason === PROBE_REASON || eventType === PROBE_EVENT_TYPE;
}

/** A probe that a doctor who was interrupted left behind. */
export function isLeftOver(entry: Entry, now = Date.now()): boolean {
  return isProbe(entry) && now - entry.sentAt.getTime() > LEFT_OVER_MS;
}
