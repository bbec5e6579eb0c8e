import { buffer } from 'node:stream/consumers';
import * as v from 'valibot';
import { serveOnLoopback } from '../../tools/local/loopback.ts';

/** What the function asked a service for: the action's name and its input. */
export interface Call {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An error of AWS's: its type and its sentence. */
export interface Refusal {
  readonly type: string;
  readonly message?: string;
}

const object = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Stands between the function and a service: passes on what is not refused, and keeps what was asked for. */
export async function startBetween(refuse: (call: Call) => Refusal | undefined = () => undefined) {
  const calls: Call[] = [];
  let target = '';
  const server = await serveOnLoopback(0, async (request, response) => {
    const body = await buffer(request);
    const [, action = ''] = String(request.headers['x-amz-target']).split('.');
    const call = { action, input: v.parse(object, body.toString()) };
    calls.push(call);
    const refusal = refuse(call);
    if (refusal !== undefined) {
      const { type, message = type } = refusal;
      response.writeHead(400, {
        'content-type': 'application/x-amz-json-1.0',
        'x-amzn-query-error': `${type};Sender`,
      });
      return response.end(JSON.stringify({ __type: type, message, Message: message }));
    }
    const passed = Object.entries(request.headers)
      .filter(([name]) => name.startsWith('x-amz') || name === 'content-type' || name === 'authorization')
      .map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(target, { method: 'POST', headers: passed, body: Uint8Array.from(body) });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    return response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return {
    /** For the function, instead of the service's own. */
    endpoint: server.origin,
    calls,
    forwardTo(endpoint: string) {
      target = endpoint;
    },
    stop: server.stop,
  };
}
