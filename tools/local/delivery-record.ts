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

const OUTCOMES: ReadonlyMap<number, DeliveryOutcome> = new Map([
  [200, 'accepted'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'not found'],
  [413, 'too large'],
  [429, 'throttled'],
  [503, 'unavailable'],
]);

interface Said {
  readonly outcome: DeliveryOutcome;
  readonly eventId?: string;
  /** Why it was quarantined or refused, as far as the answer says. */
  readonly reason?: string;
}

/** One delivery as the sender saw it, and what the answer told of it. */
export interface DeliveryRecord extends Exchange, Said {}

const answer = v.object({
  status: v.optional(v.unknown()),
  eventId: v.optional(v.string()),
  reason: v.optional(v.string()),
  detail: v.optional(v.string()),
});

export function toRecord(exchange: Exchange): DeliveryRecord {
  return { ...exchange, ...readAnswer(exchange.status, exchange.responseBody) };
}

/** What the answer to a delivery says became of it. */
export function readAnswer(httpStatus: number, body: string): Said {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), body);
  const { status, eventId, reason, detail } = parsed.success ? parsed.output : {};
  const because = reason ?? detail;
  const isQuarantined = httpStatus === 200 && status === 'quarantined';
  return {
    outcome: isQuarantined ? 'quarantined' : (OUTCOMES.get(httpStatus) ?? 'error'),
    ...(eventId !== undefined && { eventId }),
    ...(because !== undefined && { reason: because }),
  };
}
