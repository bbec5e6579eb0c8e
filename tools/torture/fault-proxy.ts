import { Agent, request as call, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveOnLoopback } from '../local/loopback.ts';
import { type Answer, DELAYS_MS, errorAnswer, type Fault, type Service, spoiled } from './fault.ts';
import { pick, type Random } from './random.ts';

/** What happens to the n-th call since the plan was made; the first is 1. */
export type FaultPlan = (call: number) => Fault | undefined;

export const always =
  (fault: Fault): FaultPlan =>
  () =>
    fault;

export const nth =
  (which: number, fault: Fault): FaultPlan =>
  (count) =>
    count === which ? fault : undefined;

/** That share of all calls, each with one of these faults. */
export const share =
  (part: number, faults: readonly Fault[], random: Random): FaultPlan =>
  () =>
    random() < part ? pick(random, faults) : undefined;

/** Stands between the function and a service, and does harm when told to. */
export interface FaultProxy {
  /** For the function, instead of the service's own. */
  readonly endpoint: string;
  /** Calls since the last plan. */
  calls(): number;
  forwardTo(endpoint: string): void;
  plan(plan: FaultPlan): void;
  heal(): void;
  /** Nobody listens: connections are refused until {@link up}. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFaultProxy(service: Service): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  let target = '';
  let calls = 0;
  let decide: FaultPlan = () => undefined;

  const serve = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    calls += 1;
    const fault = decide(calls);
    if (fault === undefined) return finish(response, await forward(request, body));
    const error = errorAnswer(service, fault);
    if (error !== undefined) return finish(response, error);
    if (fault === 'stall') return;
    if (fault === 'reset') return reset(request);
    await harm(fault, request, response, await forward(request, body));
  }

  async function harm(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
  ): Promise<void> {
    const half = answer.body.slice(0, answer.body.length / 2);
    const announced = { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) };
    switch (fault) {
      case 'answer-lost':
        return reset(request);
      case 'stall-in-answer':
        response.writeHead(answer.status, announced).write(half);
        return;
      case 'cut':
        response.writeHead(answer.status, announced).write(half, () => response.destroy());
        return;
      case 'slow':
      case 'late':
        await sleep(DELAYS_MS[fault], undefined, { ref: false });
        return finish(response, answer);
      default:
        return finish(response, spoiled(service, fault, answer));
    }
  }

  function forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = call(new URL(url ?? '/', target), { agent, method, headers });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const { 'content-type': type = '' } = incoming.headers;
        const answered = (read: string) => ({
          status: incoming.statusCode ?? 0,
          headers: { 'content-type': type },
          body: read,
        });
        text(incoming).then((read) => resolve(answered(read)), reject);
      });
      outgoing.end(body);
    });
  }

  let server = await serveOnLoopback(0, serve);
  const { port, origin } = server;
  const plan = (next: FaultPlan) => {
    decide = next;
    calls = 0;
  };
  return {
    endpoint: origin,
    calls: () => calls,
    forwardTo(endpoint) {
      target = endpoint;
    },
    plan,
    heal: () => plan(() => undefined),
    down: () => server.stop(),
    async up() {
      server = await serveOnLoopback(port, serve);
    },
    async stop() {
      await server.stop();
      agent.destroy();
    },
  };
}

function reset({ socket }: IncomingMessage): void {
  // Node can't reset a socket that is being shut down (its process was killed, say), and never gets rid of it then.
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function finish(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
