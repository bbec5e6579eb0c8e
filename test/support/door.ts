import * as v from 'valibot';
import { DESCRIPTION_PATH, description } from '../../tools/local/description.ts';
import { serveOnLoopback } from '../../tools/local/loopback.ts';
import type { LocalStack } from '../../tools/local/stack.ts';
import { type FaultPlan, startFaultProxy } from './fault-proxy.ts';
import { withoutWait } from './without-wait.ts';

export type Door = Awaited<ReturnType<typeof openDoor>>;

/**
 * A second door to a local stack: it describes the stack with an SQS that fails as planned, and that says at once when
 * a queue is empty.
 */
export async function openDoor(stack: LocalStack, plan: FaultPlan = () => undefined) {
  const proxy = await startFaultProxy('sqs', withoutWait);
  proxy.forwardTo(stack.sqsEndpoint);
  proxy.plan(plan);
  const answer = await fetch(new URL(DESCRIPTION_PATH, stack.url));
  const { endpoints, ...described } = v.parse(description, await answer.json());
  const told = JSON.stringify({ ...described, endpoints: { ...endpoints, sqs: proxy.endpoint } });
  const door = await serveOnLoopback(0, (_request, response) => response.end(told));
  return {
    port: String(door.port),
    /** The names of the actions that SQS was asked for. */
    actions: () => proxy.calls.map(({ action }) => action),
    stop: () => Promise.all([door.stop(), proxy.stop()]),
  };
}
