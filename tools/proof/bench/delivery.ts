import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { buildDelivery, DEFAULT_SAMPLE, readSample } from '../../ops/delivery.ts';

const SECRET = 'abcdef12-abcd-abcd-abcd-abcdef012345';

/** The value of a secret with so many keys. The one that deliveries are signed with comes last. */
export function secretWith(keys: number): string {
  if (keys === 1) return SECRET;
  const others = Array.from(
    { length: keys - 1 },
    (_, index) => `another-key-${String(index).padStart(8, '0')}`,
  );
  return JSON.stringify([...others, SECRET]);
}

const PATH = '/webhooks/veriff/user-statuses';
const DOMAIN = 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';
const CLIENT = { sourceIp: '192.0.2.1', userAgent: 'axios/1.7.9' };

/**
 * The event that an HTTP API makes of a webhook.
 * @param bytes how long the body is: the sample's reason is made so long; 0: as it is
 * @param isForged whether it is signed with another key
 */
export async function eventOf(bytes = 0, isForged = false): Promise<APIGatewayProxyEventV2> {
  const sample = await readSample(DEFAULT_SAMPLE);
  const filling = '.'.repeat(Math.max(bytes - sample.length, 0));
  const body = new TextDecoder().decode(sample).replace('velocity abuse', `velocity abuse${filling}`);
  const secret = isForged ? 'another' : SECRET;
  return {
    version: '2.0',
    routeKey: `POST ${PATH}`,
    rawPath: PATH,
    rawQueryString: '',
    headers: {
      ...buildDelivery(new TextEncoder().encode(body), { secret }).headers,
      accept: 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      host: DOMAIN,
      'user-agent': CLIENT.userAgent,
      'x-amzn-trace-id': 'Root=1-6560a2f0-0123456789abcdef01234567',
      'x-forwarded-for': CLIENT.sourceIp,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'a1b2c3d4e5',
      domainName: DOMAIN,
      domainPrefix: 'a1b2c3d4e5',
      http: { method: 'POST', path: PATH, protocol: 'HTTP/1.1', ...CLIENT },
      requestId: 'KJ3kRgyUIAMEVZw=',
      routeKey: `POST ${PATH}`,
      stage: '$default',
      time: '23/Nov/2026:10:00:03 +0000',
      timeEpoch: 1_795_428_003_000,
    },
    body,
    isBase64Encoded: false,
  };
}
