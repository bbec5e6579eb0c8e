import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sign } from '../functions/receiver/signature.ts';

export const SECRET = 'abcdef12-abcd-abcd-abcd-abcdef012345';

const sample = readFileSync(new URL('../contract/samples/user-status-created.json', import.meta.url), 'utf8');

/** Veriff's sample, its reason made long enough for a body of this many bytes. */
export function bodyOf(bytes: number): string {
  const missing = bytes - Buffer.byteLength(sample);
  return missing <= 0
    ? sample
    : sample.replace('Looks like velocity abuse', `Looks like velocity abuse${'.'.repeat(missing)}`);
}

/** The event that an HTTP API makes of a webhook; `forged`: signed with another key. */
export function deliveryOf(body = sample, { forged = false } = {}): APIGatewayProxyEventV2 {
  const path = '/webhooks/veriff/user-statuses';
  const domainName = 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com';
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json',
      host: domainName,
      'user-agent': 'axios/1.7.9',
      'x-amzn-trace-id': 'Root=1-6560a2f0-0123456789abcdef01234567',
      'x-auth-client': '6f3f4b1e-58c1-4b1a-9c0e-1d2f3a4b5c6d',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      'x-hmac-signature': sign(forged ? 'another' : SECRET, body),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'a1b2c3d4e5',
      domainName,
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method: 'POST',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'axios/1.7.9',
      },
      requestId: 'KJ3kRgyUIAMEVZw=',
      routeKey: `POST ${path}`,
      stage: '$default',
      time: '23/Nov/2026:10:00:03 +0000',
      timeEpoch: 1_795_428_003_000,
    },
    body,
    isBase64Encoded: false,
  };
}
