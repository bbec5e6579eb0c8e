import { randomUUID } from 'node:crypto';
import { sign } from '../../functions/receiver/signature.ts';
import { veriffSample } from './samples.ts';

export const SECRET = 'abcdef12-abcd-abcd-abcd-abcdef012345';

export interface Webhook {
  readonly body?: string | Uint8Array;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers and the body that Veriff would send. Headers given replace those made here. */
export function webhook({ body = veriffSample.body, secret = SECRET, headers = {} }: Webhook = {}) {
  return {
    body,
    headers: { 'content-type': 'application/json', 'x-hmac-signature': sign(secret, body), ...headers },
  };
}

/** The event that API Gateway makes of a webhook, payload format 2.0. */
export function apiGatewayEvent(options: Webhook = {}) {
  const { body, headers } = webhook(options);
  const binary = typeof body !== 'string';
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/veriff/user-statuses',
    rawPath: '/webhooks/veriff/user-statuses',
    rawQueryString: '',
    headers,
    requestContext: { http: { method: 'POST' }, requestId: randomUUID(), timeEpoch: Date.now() },
    body: binary ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: binary,
  };
}

/** Veriff's sample with some of its text changed. */
export function sampleWith(change: (payload: ReturnType<typeof payloadOf>) => void): string {
  const payload = payloadOf();
  change(payload);
  return JSON.stringify(payload);
}

/** The value with the property at this path replaced, or taken out by undefined. */
export function replaced(object: object, [name = '', ...rest]: readonly string[], to: unknown): object {
  const inner = Reflect.get(object, name);
  return { ...object, [name]: rest.length === 0 ? to : replaced(inner, rest, to) };
}

function payloadOf() {
  return {
    eventType: 'user-status.created',
    sessionId: '0b10cb53-4f3b-48af-bd74-60b85354e51f',
    attemptId: 'f2270684-8c51-4d03-88eb-dafd43e8b486',
    time: '2023-10-27T10:00:02.998Z',
    data: {
      verification: {
        id: 'a1c68aea-7f4d-478d-80ab-ca9356074f69',
        userDefinedData: {
          status: 'Custom status for suspicious attempt',
          statusCode: 'custom_status_for_suspicious_attempt',
          reason: 'Looks like velocity abuse',
          reasonCode: null as string | null,
          createdAt: '2023-10-27T09:59:15.090805Z',
        },
      },
    },
  };
}
