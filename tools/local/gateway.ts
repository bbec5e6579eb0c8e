import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FunctionResult } from './function.ts';
import { type HttpAnswer, toAnswer, toEvent, traceOf } from './gateway-event.ts';
import type { Plan } from './template.ts';

/** API Gateway takes no larger body. */
const LARGEST_BODY = 10 * 1024 * 1024;

/** What became of one request. */
export interface Exchange {
  readonly requestId: string;
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly responseBody: string;
  /** What the function was given; this and what follows is left out when none was called. */
  readonly event?: APIGatewayProxyEventV2 | undefined;
  readonly environment?: string | undefined;
  /** The `requestId` of the function's log. */
  readonly functionRequestId?: string | undefined;
  readonly coldStartMs?: number | undefined;
}

export interface GatewayOptions {
  readonly route: Plan['route'];
  readonly invoke: (event: APIGatewayProxyEventV2, traceId: string) => Promise<FunctionResult>;
  /** Refuses what is above the route's rate with 429; off when left out. */
  readonly throttle?: boolean | undefined;
  readonly now?: () => number;
  readonly onExchange: (exchange: Exchange) => void;
}

/** An HTTP API's one route, as a listener for a server. */
export function gateway(options: GatewayOptions): RequestListener {
  const { route, invoke, now = Date.now, onExchange } = options;
  const allowed = options.throttle ? bucket(route.throttle, now) : () => true;
  const stage = route.stage === '$default' ? '' : `/${route.stage}`;

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '/' } = request;
    const at = now();
    const startedAt = performance.now();
    const requestId = randomUUID();
    const [path = ''] = url.split('?', 1);
    let event: APIGatewayProxyEventV2 | undefined;
    let called: FunctionResult | undefined;

    const answer = async (): Promise<HttpAnswer> => {
      if (method !== route.method || path !== `${stage}${route.path}`) return message(404, 'Not Found');
      if (!allowed()) return message(429, 'Too Many Requests');
      const bytes = await read(request);
      if (bytes === undefined) return message(413, 'Request Entity Too Large');
      event = toEvent(request, bytes, { route, requestId, at });
      called = await invoke(event, traceOf(event));
      if (called.kind === 'timedOut') return message(503, 'Service Unavailable');
      const understood = called.kind === 'answered' ? toAnswer(called.payload) : undefined;
      return understood ?? message(500, 'Internal Server Error');
    };

    const { status, headers, body } = await answer();
    response.writeHead(status, {
      ...headers,
      // What is left of a body that was too large is not read: the connection ends with the answer.
      ...(!request.complete && { connection: 'close' }),
      'content-length': body.length,
      'apigw-requestid': requestId,
    });
    response.end(body);
    onExchange({
      requestId,
      at: new Date(at),
      method,
      path,
      status,
      event,
      ms: performance.now() - startedAt,
      responseBody: body.toString('utf8'),
      environment: called?.environment,
      functionRequestId: called?.requestId,
      coldStartMs: called?.coldStartMs,
    });
  };

  return (request, response) => {
    // A sender that went away in the middle of its body: there is nobody to answer.
    handle(request, response).catch(() => response.destroy());
  };
}

function message(status: number, text: string): HttpAnswer {
  const body = Buffer.from(JSON.stringify({ message: text }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

/** The body; undefined when it is too large. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A token bucket: `burst` at once, `rate` a second after that. */
function bucket({ rate, burst }: Plan['route']['throttle'], now: () => number): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * rate);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
