import { text } from 'node:stream/consumers';
import { serveOnLoopback } from '../../tools/local/loopback.ts';

/** A call by one of AWS's JSON protocols: `GetSecretValue`, say, and its input. */
export interface AwsCall {
  readonly action: string;
  readonly body: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer's status and body, which is sent as JSON unless it is text. */
export type Canned = readonly [status: number, body: unknown];

/** An endpoint of AWS's that answers what the test says, and never to what it says nothing to. */
export async function startCannedAws(answer: (call: AwsCall) => Canned | undefined) {
  const calls: AwsCall[] = [];
  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    // How the receiver opens its connection to SQS.
    if (request.method === 'GET') return void response.writeHead(404).end();
    const [, action = ''] = String(request.headers['x-amz-target']).split('.');
    const body = await text(request);
    const call = { action, body, input: JSON.parse(body) };
    calls.push(call);
    const [status, given] = answer(call) ?? [];
    if (status === undefined) return;
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(typeof given === 'string' ? given : JSON.stringify(given));
  });
  return { endpoint: origin, calls, stop };
}
