import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveOnLoopback } from '../../tools/local/loopback.ts';
import { type Call, takeCall } from './call.ts';
import { DELAYS_MS, ERRORS, type Fault, type Service, type ServiceAnswer, SPOILED } from './fault.ts';

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

const unchanged = ({ input }: Call) => input;

/**
 * Stands between a client and a service, notes what is asked for, and fails when told to.
 * @param change what is passed on instead of a call's input
 */
export async function startFaultProxy(service: Service, change: (call: Call) => Call['input'] = unchanged) {
  /** Since the last plan. */
  const calls: Call[] = [];
  let target = '';
  let decide: FaultPlan = () => undefined;

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await takeCall(request, response);
    if (call === undefined) return;
    calls.push(call);
    const planned = decide(calls.length, call);
    const pass = () => forward(target, request, JSON.stringify(change(call)));
    if (planned === undefined) return finish(response, await pass());
    if (typeof planned === 'object') return finish(response, planned);
    const error = ERRORS[service][planned];
    if (error !== undefined) return finish(response, error);
    if (planned === 'stall') return;
    if (planned === 'reset') return reset(request);
    await harm(planned, request, response, await pass());
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

async function forward(target: string, { headers }: IncomingMessage, body: string): Promise<ServiceAnswer> {
  const passed = Object.entries(headers)
    .filter(([name]) => /^(x-amz-.*|content-type|authorization)$/.test(name))
    .map(([name, value]): [string, string] => [name, String(value)]);
  const answer = await fetch(target, { method: 'POST', headers: passed, body });
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
}

/** The service did what it was asked for; its answer does not arrive as it was. */
async function harm(fault: Fault, request: IncomingMessage, response: ServerResponse, answer: ServiceAnswer) {
  const half = answer.body.slice(0, answer.body.length / 2);
  if (fault === 'answer-lost') return reset(request);
  if (fault === 'stall-in-answer') return void begin(response, answer).write(half);
  if (fault === 'cut') return void begin(response, answer).write(half, () => response.destroy());
  await sleep(DELAYS_MS[fault] ?? 0, undefined, { ref: false });
  finish(response, { ...answer, body: SPOILED[fault]?.(answer.body) ?? answer.body });
}

function reset({ socket }: IncomingMessage): void {
  // Node can't reset a socket that is being shut down (its process was killed, say), and never gets rid of it then.
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function begin(response: ServerResponse, { status, headers, body }: ServiceAnswer): ServerResponse {
  return response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
}

function finish(response: ServerResponse, answer: ServiceAnswer): void {
  begin(response, answer).end(answer.body);
}
