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
export interface DeliveryRecord extends Exchange {
  /** `accepted`, `quarantined`, `probed`, `refused` and so on. */
  readonly outcome: string;
  readonly eventId?: string;
  /** Why it was quarantined or refused, as far as the answer says. */
  readonly reason?: string;
}

const text = v.optional(v.string());
const answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    status: v.optional(v.union([v.string(), v.number()])),
    eventId: text,
    reason: text,
    detail: text,
  }),
);

export function toRecord(exchange: Exchange): DeliveryRecord {
  const parsed = v.safeParse(answer, exchange.responseBody);
  const { status, eventId, detail, reason = detail } = parsed.success ? parsed.output : {};
  const isOk = exchange.status === 200 && typeof status === 'string';
  return {
    ...exchange,
    outcome: isOk ? status : (OUTCOMES[exchange.status] ?? 'error'),
    ...(eventId !== undefined && { eventId }),
    ...(reason !== undefined && { reason }),
  };
}
