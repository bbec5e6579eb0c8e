import { buildApp } from 'fauxqs';
import * as v from 'valibot';
import { allowAllOfUnicode } from './fauxqs-characters.ts';
import { objectionTo } from './loopback.ts';
import type { PlannedQueue } from './template.ts';

const attribute = v.object({ DataType: v.string(), StringValue: v.optional(v.string()) });
const message = v.object({
  messageId: v.string(),
  body: v.string(),
  messageAttributes: v.record(v.string(), attribute),
  sentTimestamp: v.number(),
  approximateReceiveCount: v.number(),
});
const contents = v.object({
  attributes: v.record(v.string(), v.string()),
  messages: v.object({
    ready: v.array(message),
    delayed: v.array(message),
    inflight: v.array(v.object({ message, receiptHandle: v.string(), visibilityDeadline: v.number() })),
  }),
});
const depths = v.array(
  v.object({
    name: v.string(),
    approximateMessageCount: v.number(),
    approximateInflightCount: v.number(),
    approximateDelayedCount: v.number(),
  }),
);

type QueueContents = v.InferOutput<typeof contents>;

export interface LocalSqs {
  /** The endpoint to give to an AWS client. */
  readonly endpoint: string;
  createQueue(queue: PlannedQueue): Promise<void>;
  /** Everything that lies on a queue, received by nobody. */
  inspect(queueName: string): Promise<QueueContents>;
  /** How many messages a queue holds, in flight and delayed ones included. */
  depth(queueName: string): Promise<number>;
  purge(queueUrl: string): Promise<void>;
  /** An action of SQS's API by its name, with its parameters. */
  call(action: string, parameters: Record<string, unknown>): Promise<unknown>;
  stop(): Promise<void>;
}

/** SQS's wire protocol on the loopback interface; `startFauxqs` would listen on every interface of the machine. */
export async function startSqs(options: { port?: number; region: string }): Promise<LocalSqs> {
  await allowAllOfUnicode();
  const app = buildApp({ logger: false, defaultRegion: options.region });
  app.addHook('onRequest', (request, reply, done) => {
    const objection = objectionTo(request.raw);
    if (objection === undefined) done();
    else reply.code(403).send({ error: objection });
  });
  const endpoint = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });

  const read = async (path: string) => {
    const answer = await app.inject({ method: 'GET', url: path });
    if (answer.statusCode !== 200) throw new Error(`expected ${path} of the local SQS, got ${answer.body}`);
    return answer.json<unknown>();
  };
  const call = async (action: string, body: Record<string, unknown>) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        host: new URL(endpoint).host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
      payload: JSON.stringify(body),
    });
    if (answer.statusCode !== 200) throw new Error(`expected ${action} to succeed, got ${answer.body}`);
    return answer.json<unknown>();
  };

  return {
    endpoint,
    async createQueue({ name, attributes }) {
      // The URL in the answer has a host that not every machine resolves; the service looks at its path only.
      await call('CreateQueue', { QueueName: name, Attributes: attributes });
    },
    async inspect(queueName) {
      return v.parse(contents, await read(`/_fauxqs/queues/${encodeURIComponent(queueName)}`));
    },
    async depth(queueName) {
      const queue = v.parse(depths, await read('/_fauxqs/queues')).find(({ name }) => name === queueName);
      if (queue === undefined) throw new Error(`expected a queue ${queueName}, got none of that name`);
      return queue.approximateMessageCount + queue.approximateInflightCount + queue.approximateDelayedCount;
    },
    async purge(queueUrl) {
      await call('PurgeQueue', { QueueUrl: queueUrl });
    },
    call,
    stop: () => app.close(),
  };
}
