import * as v from 'valibot';
import { TOOLS_USER_AGENT } from './own-tools.ts';
import type { Delivery, Outcome } from './receive.ts';

const UNKNOWN_SOURCE = { http: { sourceIp: '' } };

/**
 * The properties that the receiver reads of an API Gateway event, payload format 2.0. A property of another shape, which
 * only a direct Invoke call has, counts as empty.
 */
const httpEvent = v.fallback(
  v.object({
    headers: v.fallback(v.record(v.string(), v.unknown()), {}),
    body: v.fallback(v.string(), ''),
    isBase64Encoded: v.fallback(v.boolean(), false),
    requestContext: v.fallback(v.object({ http: v.object({ sourceIp: v.string() }) }), UNKNOWN_SOURCE),
  }),
  { headers: {}, body: '', isBase64Encoded: false, requestContext: UNKNOWN_SOURCE },
);

/** The response in the format that API Gateway expects from a function. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpDelivery extends Delivery {
  /** Its User-Agent is that of the project's own tools. Anybody can send it, so only metrics depend on it. */
  readonly isFromTools: boolean;
}

/** Converts an API Gateway event. Keeps the body's bytes unchanged; header names match in any case. Never throws. */
export function toDelivery(event: unknown, receivedAt: Date): HttpDelivery {
  const { headers, body, isBase64Encoded, requestContext } = v.parse(httpEvent, event);
  const header = headersOf(headers);
  return {
    body: isBase64Encoded ? Buffer.from(body, 'base64') : Buffer.from(body),
    signature: header.get('x-hmac-signature') || header.get('vrf-hmac-signature'),
    source: requestContext.http.sourceIp,
    isFromTools: header.get('user-agent') === TOOLS_USER_AGENT,
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

/** In seconds: long enough for a short outage to end. A sender may ignore it. */
const RETRY_AFTER_S = '60';

/** The response to Veriff, which counts only 200 as delivered and sends the webhook again after any other status. */
export function toResponse(outcome: Outcome): HttpResponse {
  switch (outcome.kind) {
    case 'Accepted':
      return json(200, { status: 'accepted', eventId: outcome.eventId });
    case 'Quarantined':
      return json(200, { status: 'quarantined', reason: outcome.why.reason, problems: outcome.why.problems });
    case 'TooLarge':
      return problem(413, 'Content Too Large', 'The payload does not fit into an SQS message (1 MiB).');
    case 'Probed':
      return json(200, { status: 'probed' });
    case 'Refused':
      if (outcome.reason === 'source-not-allowed') {
        return problem(403, 'Forbidden', 'The request comes from an address that may not send.');
      }
      // The same response whatever was wrong with the signature, so that a forger learns nothing from it.
      return problem(401, 'Unauthorized', 'The request is not signed with a key that is stored here.');
    case 'Unavailable':
      return unavailable();
  }
}

/** The response when the delivery was not confirmed as stored; it may succeed when it is sent again. */
export function unavailable(): HttpResponse {
  return problem(503, 'Service Unavailable', 'The event was not confirmed as stored. Send it again.', {
    'retry-after': RETRY_AFTER_S,
  });
}

function json(statusCode: number, body: unknown): HttpResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** RFC 9457. */
function problem(
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}
