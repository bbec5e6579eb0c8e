import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';

/** A call by one of AWS's JSON protocols: `GetSecretValue`, say, and its input. */
export interface Call {
  readonly action: string;
  readonly body: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const object = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** What a service is asked for; undefined: nothing, and the request is answered. */
export async function takeCall(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Call | undefined> {
  // How the receiver opens its connection to SQS.
  if (request.method === 'GET') {
    response.writeHead(404).end();
    return undefined;
  }
  const body = await text(request);
  const [, action = ''] = String(request.headers['x-amz-target']).split('.');
  return { action, body, input: v.parse(object, body) };
}
