import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { serveOnLoopback } from '../local/loopback.ts';
import { DELAYS_MS, ERRORS, type Fault, type Service, type ServiceAnswer, spoiled } from './fault.ts';

/** What a service was asked for: the action's name and its input. */
export interface Call {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What happens to the n-th call since the plan was made, the first being 1; undefined: it is passed on. */
export type FaultPlan = (n: number, call: Call) => Fault | ServiceAnswer | undefined;

export const always =
  (fault: Fault): FaultPlan =>
  () =>
    fault;

export const once =
  (fault: Fault): FaultPlan =>
  (n) =>
    n === 1 ? fault : undefined;

/** Stands between a client and a service, notes what is asked for, and fails when told to. */
export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;

const object = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

export async function startFaultProxy(service: Service) {
  /** Since the last plan. */
  const calls: Call[] = [];
  let target = '';
  let decide: FaultPlan = () => undefined;

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const [, action = ''] = String(request.headers['x-amz-target']).split('.');
    const call = { action, input: v.parse(object, body) };
    calls.push(call);
    const planned = decide(calls.length, call);
    if (planned === undefined) return finish(response, await forward(request, body));
    if (typeof planned === 'object') return finish(response, planned);
    const error = ERRORS[service][planned];
    if (error !== undefined) return finish(response, error);
    if (planned === 'stall') return;
    if (planned === 'reset') return reset(request);
    await harm(planned, request, response, await forward(request, body));
  }

  async function harm(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
    answer: ServiceAnswer,
  ) {
    const { status, headers, body } = answer;
    const half = body.slice(0, body.length / 2);
    const begin = () => response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    switch (fault) {
      case 'answer-lost':
        return reset(request);
      case 'stall-in-answer':
        return void begin().write(half);
      case 'cut':
        return void begin().write(half, () => response.destroy());
      case 'slow':
      case 'late':
        await sleep(DELAYS_MS[fault], undefined, { ref: false });
        return finish(response, answer);
      default:
        return finish(response, { ...answer, body: spoiled(service, fault, body) });
    }
  }

  async function forward({ headers }: IncomingMessage, body: string): Promise<ServiceAnswer> {
    const passed = Object.entries(headers)
      .filter(([name]) => /^(x-amz-.*|content-type|authorization)$/.test(name))
      .map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(target, { method: 'POST', headers: passed, body });
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
  }

  let server = await serveOnLoopback(0, serve);
  const { port, origin } = server;
  const plan = (next: FaultPlan) => {
    decide = next;
    calls.length = 0;
  };
  return {
    /** For the client, instead of the service's own. */
    endpoint: origin,
    calls,
    forwardTo(endpoint: string) {
      target = endpoint;
    },
    plan,
    heal: () => plan(() => undefined),
    /** Nobody listens: connections are refused until `up`. */
    down: () => server.stop(),
    async up() {
      server = await serveOnLoopback(port, serve);
    },
    stop: () => server.stop(),
  };
}

function reset({ socket }: IncomingMessage): void {
  // Node can't reset a socket that is being shut down (its process was killed, say), and never gets rid of it then.
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function finish(response: ServerResponse, { status, headers, body }: ServiceAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
