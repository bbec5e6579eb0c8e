import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { toEvent } from '../../local/gateway-event.ts';
import { buildDelivery, DEFAULT_SAMPLE, readSample } from '../../ops/delivery.ts';

const SECRET = 'abcdef12-abcd-abcd-abcd-abcdef012345';
const ROUTE = { method: 'POST', path: '/webhooks/veriff/user-statuses', stage: '$default' };
const AT = Date.UTC(2026, 10, 23, 10, 0, 3);

/** The value of a secret with so many keys. The one that deliveries are signed with comes last. */
export function secretWith(keys: number): string {
  if (keys === 1) return SECRET;
  const others = Array.from(
    { length: keys - 1 },
    (_, index) => `another-key-${String(index).padStart(8, '0')}`,
  );
  return JSON.stringify([...others, SECRET]);
}

/**
 * The event that an HTTP API makes of a webhook.
 * @param bytes how long the body is: the sample's reason is made so long; 0: as it is
 * @param isForged whether it is signed with another key
 */
export async function eventOf(bytes: number, isForged: boolean) {
  const sample = await readSample(DEFAULT_SAMPLE);
  const filling = '.'.repeat(Math.max(bytes - sample.length, 0));
  const text = new TextDecoder().decode(sample).replace('velocity abuse', `velocity abuse${filling}`);
  const body = Buffer.from(text);
  const headers = {
    ...buildDelivery(body, { secret: isForged ? 'another' : SECRET }).headers,
    accept: 'application/json',
    'content-length': String(body.length),
    host: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    'user-agent': 'axios/1.7.9',
    'x-amzn-trace-id': 'Root=1-6560a2f0-0123456789abcdef01234567',
    'x-forwarded-for': '192.0.2.1',
  };
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: ROUTE.method,
    url: ROUTE.path,
    httpVersion: '1.1',
    headersDistinct: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  });
  return toEvent(request, body, { route: ROUTE, requestId: 'KJ3kRgyUIAMEVZw=', at: AT });
}
