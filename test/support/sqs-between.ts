import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { DESCRIPTION_PATH, description } from '../../tools/local/description.ts';
import { serveOnLoopback } from '../../tools/local/loopback.ts';
import type { LocalStack } from '../../tools/local/stack.ts';

/** What becomes of a request to SQS: it goes on, is held up for good, is answered otherwise, or goes on after a wait. */
type Interference =
  | { readonly kind: 'hold' }
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'delay'; readonly ms: number };

/** One SQS request: the action's name and its input. */
export type Interfere = (action: string, input: Record<string, unknown>) => Interference | undefined;

/** A second door to a local stack: it describes the stack with an SQS that can be interfered with. */
export async function openDoor(stack: LocalStack, interfere: Interfere) {
  const actions: string[] = [];
  const answer = await fetch(new URL(DESCRIPTION_PATH, stack.url));
  const described = v.parse(description, await answer.json());
  const door = await serveOnLoopback(0, async (request, response) => {
    if (request.url === DESCRIPTION_PATH) {
      const endpoints = { ...described.endpoints, sqs: door.origin };
      return response.end(JSON.stringify({ ...described, endpoints }));
    }
    const body = await buffer(request);
    const target = String(request.headers['x-amz-target']);
    const action = target.replace('AmazonSQS.', '');
    actions.push(action);
    const found = interfere(action, JSON.parse(body.toString()));
    if (found?.kind === 'hold') return;
    if (found?.kind === 'answer') {
      response.writeHead(found.status, { 'content-type': 'application/x-amz-json-1.0' });
      return response.end(JSON.stringify(found.body));
    }
    if (found?.kind === 'delay') await sleep(found.ms);
    const answer = await fetch(stack.sqsEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
      body: Uint8Array.from(body),
    });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    return response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return { port: String(door.port), actions, stop: door.stop };
}
