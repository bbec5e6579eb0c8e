import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { CLIENT_OPTIONS } from './clients.ts';
import { toDelivery, toResponse } from './http.ts';
import { createQueues } from './queue.ts';
import { createReceive } from './receive.ts';
import { type Key, sign } from './signature.ts';

/** The queue of the warm-up delivery. It does not exist, and no message to it leaves the function. */
const NOWHERE = 'https://warm-up.invalid/queue';
const MIDDLEWARE = 'warmUp';
const KEY: Key = { secret: 'warm-up', integration: 'warm-up', fingerprint: '', label: 'AWSCURRENT' };
const TIME = '2000-01-01T00:00:00.000000Z';
const STATUS = { status: 'r', statusCode: 'r', reason: 'r', reasonCode: null, createdAt: TIME };
const BODY = JSON.stringify({
  eventType: 'user-status.created',
  sessionId: 'r',
  attemptId: 'r',
  time: TIME,
  vendorData: null,
  endUserId: null,
  data: { verification: { id: 'r', userDefinedData: STATUS } },
});

/**
 * Processes a made-up delivery, and opens a connection to SQS with a GET request in place of the message. This moves
 * work of the first delivery to Lambda's init phase, which has a whole CPU.
 *
 * When Lambda freezes the environment afterwards, the connection may break, as it may between any two deliveries. The
 * second try in retry.ts then opens another one.
 */
export async function warmUp(client: SQSClient): Promise<void> {
  client.middlewareStack.add(
    (next) => async (args) => {
      if (Reflect.get(args.input, 'QueueUrl') !== NOWHERE) return next(args);
      const { response } = await next({ ...args, request: plainRequest(args.request) });
      await CLIENT_OPTIONS.streamCollector(v.parse(answer, response).body);
      return { response: confirmation() };
    },
    { name: MIDDLEWARE, step: 'deserialize', priority: 'low' },
  );
  const queues = createQueues(client, {
    queueUrl: NOWHERE,
    quarantineQueueUrl: NOWHERE,
    traceHeader: () => undefined,
  });
  const receive = createReceive(
    async (matching) => matching([KEY]),
    queues,
    () => true,
  );
  const event = {
    headers: { 'x-hmac-signature': sign(KEY.secret, BODY) },
    requestContext: { http: { sourceIp: '' } },
    body: BODY,
    isBase64Encoded: false,
  };
  toResponse(await receive(toDelivery(event, new Date()), new AbortController().signal));
  client.middlewareStack.remove(MIDDLEWARE);
}

const origin = v.object({ protocol: v.string(), hostname: v.string(), port: v.optional(v.number()) });
const answer = v.object({ body: v.instance(Readable) });

/** A GET request to the same host, without a signature and a body. */
function plainRequest(request: unknown) {
  return { ...v.parse(origin, request), method: 'GET', path: '/', query: {}, headers: {} };
}

/** What SQS would answer to the made-up message. */
function confirmation() {
  const MD5OfMessageBody = createHash('md5').update(BODY).digest('hex');
  const body = JSON.stringify({ MessageId: 'r', MD5OfMessageBody });
  return { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) };
}
