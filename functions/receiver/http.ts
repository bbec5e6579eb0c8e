import * as v from 'valibot';
import type { Delivery, Outcome } from './receive.ts';

const NOWHERE = { http: { sourceIp: '' } };

/**
 * What is used of an API Gateway event, payload format 2.0. Whatever has another shape becomes a delivery without a
 * body or a signature, which is refused: an event that is no webhook is no surprise on a public address.
 */
const httpEvent = v.fallback(
  v.object({
    headers: v.fallback(v.record(v.string(), v.unknown()), {}),
    body: v.fallback(v.string(), ''),
    isBase64Encoded: v.fallback(v.boolean(), false),
    requestContext: v.fallback(v.object({ http: v.object({ sourceIp: v.string() }) }), NOWHERE),
  }),
  { headers: {}, body: '', isBase64Encoded: false, requestContext: NOWHERE },
);

/** The answer, as API Gateway takes it from a function. */
export interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** API Gateway event to delivery: the bytes as Veriff sent them, header names in any case. Never throws. */
export function toDelivery(event: unknown, receivedAt: Date): Delivery {
  const { headers, body, isBase64Encoded, requestContext } = v.parse(httpEvent, event);
  const header = headersOf(headers);
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body),
    signature: header.get('x-hmac-signature') || header.get('vrf-hmac-signature'),
    source: requestContext.http.sourceIp,
    receivedAt,
  };
}

function headersOf(headers: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') found.set(name.toLowerCase(), value);
  }
  return found;
}

/** How long Veriff, or whoever honours the header, is asked to wait: the time of one short outage, in seconds. */
const RETRY_AFTER_S = '60';

/** The answer to Veriff. It counts 200 as delivered and sends anything else again. */
export function toResponse(outcome: Outcome): Response {
  switch (outcome.kind) {
    case 'Accepted':
      return json(200, { status: 'accepted', eventId: outcome.eventId });
    case 'Quarantined':
      return json(200, { status: 'quarantined', reason: outcome.why.reason, problems: outcome.why.problems });
    case 'TooLarge':
      return problem(413, 'Content Too Large', 'The payload is larger than an SQS message may be (1 MiB).');
    case 'Probed':
      return json(200, { status: 'probed' });
    case 'Refused':
      if (outcome.reason === 'source-not-allowed') {
        return problem(403, 'Forbidden', 'The request comes from an address that may not send.');
      }
      // The same answer whatever was wrong: a forger learns nothing from it.
      return problem(401, 'Unauthorized', 'The request is not signed with a key that is stored here.');
    case 'Unavailable':
      return unavailable();
  }
}

/** Nothing was kept; the same delivery may succeed later. */
export function unavailable(): Response {
  return problem(503, 'Service Unavailable', 'The event was not stored. Send it again.', {
    'retry-after': RETRY_AFTER_S,
  });
}

function json(statusCode: number, body: unknown): Response {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** RFC 9457. */
function problem(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}
