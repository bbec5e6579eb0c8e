import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { ACCOUNT } from './physical.ts';

/** The media types that an HTTP API hands over as text; everything else, and a body without a type, goes as base64. */
const TEXT = /^(text\/.*|application\/(json|xml|javascript))$/;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface EventSource {
  readonly routeKey: string;
  readonly stage: string;
  readonly requestId: string;
  readonly now: number;
}

/** The event of payload format 2.0 that an HTTP API makes of a request. */
export function toEvent(request: IncomingMessage, body: Buffer, source: EventSource): APIGatewayProxyEventV2 {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { cookie, ...single } = joined(request.headersDistinct);
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const headers = {
    ...single,
    'x-amzn-trace-id': single['x-amzn-trace-id'] ?? traceRoot(source.now),
    'x-forwarded-for':
      single['x-forwarded-for'] === undefined ? sourceIp : `${single['x-forwarded-for']}, ${sourceIp}`,
    'x-forwarded-port': String(request.socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]),
  );
  const text = TEXT.test(mediaType(single['content-type']));
  return {
    version: '2.0',
    routeKey: source.routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/[;,]\s*/) }),
    headers,
    ...(url.search !== '' && { queryStringParameters: query }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: single.host ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: single['user-agent'] ?? '',
      },
      requestId: source.requestId,
      routeKey: source.routeKey,
      stage: source.stage,
      time: commonLogTime(source.now),
      timeEpoch: source.now,
    },
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

const scalar = v.union([v.string(), v.number(), v.boolean()]);
const response = v.object({
  statusCode: v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599)),
  headers: v.optional(v.record(v.string(), v.pipe(scalar, v.transform(String))), {}),
  cookies: v.optional(v.array(v.string()), []),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
}

/**
 * What an HTTP API answers for what the function returned; undefined when it cannot be understood.
 * Without `statusCode`, the whole value is the body of a 200.
 */
export function toAnswer(payload: string): HttpAnswer | undefined {
  const value = v.safeParse(v.pipe(v.string(), v.parseJson()), payload);
  if (!value.success) return undefined;
  if (typeof value.output !== 'object' || value.output === null || !('statusCode' in value.output)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(payload) };
  }
  const given = v.safeParse(response, value.output);
  if (!given.success) return undefined;
  const { statusCode, headers, cookies, body, isBase64Encoded } = given.output;
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=utf-8',
      ...lowerCased(headers),
      ...(cookies.length > 0 && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** The trace header as Lambda's tracing passes it on to the function. */
export function traceOf(event: APIGatewayProxyEventV2): string {
  return `${event.headers['x-amzn-trace-id'] ?? ''};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}

function traceRoot(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}

function joined(headers: NodeJS.Dict<string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, (values ?? []).join(',')]),
  );
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(/[;,]/, 1).join('').trim().toLowerCase();
}

function commonLogTime(epoch: number): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(epoch).toISOString()) ?? [];
  return `${day}/${months[Number(month) - 1]}/${year}:${time} +0000`;
}
