import * as v from 'valibot';
import type { Exchange } from './gateway.ts';

const OUTCOMES: Readonly<Record<number, string>> = {
  200: 'accepted',
  401: 'refused',
  403: 'refused',
  404: 'not found',
  413: 'too large',
  429: 'throttled',
  503: 'unavailable',
};

/** One delivery as the sender saw it, and what the answer told of it. */
export type DeliveryRecord = ReturnType<typeof toRecord>;

const text = v.optional(v.string());
const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ status: v.optional(v.unknown()), eventId: text, reason: text, detail: text }),
);

export function toRecord(exchange: Exchange) {
  const { success, output } = v.safeParse(answer, exchange.responseBody);
  const { status, eventId, detail, reason = detail } = success ? output : {};
  return {
    ...exchange,
    /** `accepted`, `quarantined`, `probed`, `refused` and so on. */
    outcome:
      status === 'quarantined' || status === 'probed' ? status : (OUTCOMES[exchange.status] ?? 'error'),
    eventId,
    /** Why it was quarantined or refused, as far as the answer says. */
    reason,
  };
}
