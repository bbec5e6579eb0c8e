import { serveOnLoopback } from '../../tools/local/loopback.ts';
import { type Call, takeCall } from './call.ts';

/** An answer's status and body, which is sent as JSON unless it is text. */
export type Canned = readonly [status: number, body: unknown];

/** An endpoint of AWS's that answers what the test says, and never to what it says nothing to. */
export async function startCannedAws(answer: (call: Call) => Canned | undefined) {
  const calls: Call[] = [];
  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    const call = await takeCall(request, response);
    if (call === undefined) return;
    calls.push(call);
    const [status, given] = answer(call) ?? [];
    if (status === undefined) return;
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(typeof given === 'string' ? given : JSON.stringify(given));
  });
  return { endpoint: origin, calls, stop };
}
