import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { ACCOUNT } from './physical-ids.ts';
import type { Plan } from './template.ts';

/** The media types that an HTTP API hands over as text; everything else, and a body without a type, goes as base64. */
const TEXT = /^\s*(text\/[^;,]*|application\/(json|xml|javascript))\s*([;,]|$)/i;

interface About {
  readonly route: Pick<Plan['route'], 'method' | 'path' | 'stage'>;
  readonly requestId: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** The event of payload format 2.0 that an HTTP API makes of a request. */
export function toEvent(request: IncomingMessage, body: Buffer, about: About): APIGatewayProxyEventV2 {
  const { route, requestId, at } = about;
  const { method = 'GET', socket, httpVersion } = request;
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const given = joined(Object.entries(request.headersDistinct));
  const sourceIp = socket.remoteAddress ?? '127.0.0.1';
  const routeKey = `${route.method} ${route.path}`;
  const isBase64Encoded = body.length > 0 && !TEXT.test(given['content-type'] ?? '');
  const query = joined([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)]));
  return {
    version: '2.0',
    routeKey,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      'x-amzn-trace-id': `Root=1-${Math.floor(at / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
      ...given,
      'x-forwarded-for': [given['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-port': String(socket.localPort),
      'x-forwarded-proto': 'http',
    },
    ...(search !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: given.host ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method,
        path: pathname,
        protocol: `HTTP/${httpVersion}`,
        sourceIp,
        userAgent: given['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: route.stage,
      time: commonLogTime(at),
      timeEpoch: at,
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

function joined(entries: readonly [string, readonly string[] | undefined][]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, values = []]) => [name, values.join(',')]));
}

/** `03/Nov/2026:04:05:06 +0000` */
function commonLogTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

/** The trace header as Lambda's tracing passes it on to the function. */
export function traceOf(event: APIGatewayProxyEventV2): string {
  return `${event.headers['x-amzn-trace-id'] ?? ''};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const returned = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    statusCode: v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599)),
    headers: v.optional(v.record(v.pipe(v.string(), v.toLowerCase()), v.string()), {}),
    body: v.optional(v.string(), ''),
    isBase64Encoded: v.optional(v.boolean(), false),
  }),
);

/** What an HTTP API answers for what the function returned; undefined when that is no response of format 2.0. */
export function toAnswer(payload: string): HttpAnswer | undefined {
  const result = v.safeParse(returned, payload);
  if (!result.success) return undefined;
  const { statusCode: status, headers, body, isBase64Encoded } = result.output;
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=utf-8', ...headers },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
