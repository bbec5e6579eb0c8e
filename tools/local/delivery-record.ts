import * as v from 'valibot';
import type { Exchange } from './gateway.ts';

type DeliveryOutcome =
  | 'accepted'
  | 'quarantined'
  | 'refused'
  | 'too large'
  | 'unavailable'
  | 'not found'
  | 'throttled'
  | 'error';

/** One delivery as the sender saw it, and what the answer told of it. */
export interface DeliveryRecord extends Exchange {
  readonly outcome: DeliveryOutcome;
  readonly eventId?: string;
  /** Why it was quarantined or refused, as far as the answer says. */
  readonly reason?: string;
}

const answer = v.object({
  status: v.optional(v.unknown()),
  eventId: v.optional(v.string()),
  reason: v.optional(v.string()),
  detail: v.optional(v.string()),
});

export function toRecord(exchange: Exchange): DeliveryRecord {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), exchange.responseBody);
  const { status, eventId, reason, detail } = parsed.success ? parsed.output : {};
  const because = reason ?? detail;
  return {
    ...exchange,
    outcome: outcomeOf(exchange.status, status),
    ...(eventId !== undefined && { eventId }),
    ...(because !== undefined && { reason: because }),
  };
}

function outcomeOf(httpStatus: number, said: unknown): DeliveryOutcome {
  switch (httpStatus) {
    case 200:
      return said === 'quarantined' ? 'quarantined' : 'accepted';
    case 401:
    case 403:
      return 'refused';
    case 404:
      return 'not found';
    case 413:
      return 'too large';
    case 429:
      return 'throttled';
    case 503:
      return 'unavailable';
    default:
      return 'error';
  }
}
