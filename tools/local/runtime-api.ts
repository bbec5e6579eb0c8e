import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { LoopbackServer } from './loopback.ts';
import { serveOnLoopback } from './loopback.ts';

interface Work {
  readonly requestId: string;
  readonly payload: string;
  readonly traceId: string;
  readonly functionArn: string;
  readonly deadline: number;
}

export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export interface RuntimeApiEvents {
  /** The runtime asks for work: what it was busy with is done. */
  ready(): void;
  answered(requestId: string, payload: string): void;
  failed(requestId: string, error: RuntimeError): void;
  initFailed(error: RuntimeError): void;
}

export interface RuntimeApi {
  /** `host:port`, as `AWS_LAMBDA_RUNTIME_API` holds it. */
  readonly address: string;
  /** Hands work to the runtime, which must have asked for it. */
  give(work: Work): void;
  stop(): Promise<void>;
}

const reported = v.object({ errorType: v.string(), errorMessage: v.string() });
const OK = '{"status":"OK"}';
const base = '/2018-06-01/runtime';
const answerPath = new RegExp(`^${base}/invocation/([^/]+)/(response|error)$`);

/** Lambda's Runtime API for one execution environment, by Lambda's protocol of 2018-06-01. */
export async function startRuntimeApi(events: RuntimeApiEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;

  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    const body = await text(request);
    const [, requestId, kind] = answerPath.exec(path) ?? [];
    if (path === `${base}/invocation/next`) {
      waiting = response;
      events.ready();
      return;
    }
    response.writeHead(202, { 'content-length': OK.length }).end(OK);
    if (requestId !== undefined && kind === 'response') events.answered(requestId, body);
    else if (requestId !== undefined) events.failed(requestId, parseError(body));
    else events.initFailed(parseError(body));
  };

  const server: LoopbackServer = await serveOnLoopback(0, (request, response) => {
    take(request, response).catch(() => response.destroy());
  });

  return {
    address: new URL(server.origin).host,
    give(work) {
      if (waiting === undefined) throw new Error('expected a runtime that waits for work, got a busy one');
      waiting
        .writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(work.payload),
          'lambda-runtime-aws-request-id': work.requestId,
          'lambda-runtime-deadline-ms': String(work.deadline),
          'lambda-runtime-invoked-function-arn': work.functionArn,
          'lambda-runtime-trace-id': work.traceId,
        })
        .end(work.payload);
      waiting = undefined;
    },
    stop: () => server.stop(),
  };
}

function parseError(body: string): RuntimeError {
  try {
    return v.parse(reported, JSON.parse(body));
  } catch {
    return { errorType: 'Runtime.Unknown', errorMessage: body };
  }
}
