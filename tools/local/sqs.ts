import { buildApp } from 'fauxqs';
import * as v from 'valibot';
import { allowAllOfUnicode } from './fauxqs-characters.ts';
import { objectionTo } from './loopback.ts';
import type { Plan } from './template.ts';

const message = v.object({
  messageId: v.string(),
  body: v.string(),
  messageAttributes: v.record(
    v.string(),
    v.object({ DataType: v.string(), StringValue: v.optional(v.string()) }),
  ),
  sentTimestamp: v.number(),
  approximateReceiveCount: v.number(),
});
const contents = v.object({
  messages: v.object({
    ready: v.array(message),
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

export type LocalSqs = Awaited<ReturnType<typeof startSqs>>;

/** SQS's wire protocol on the loopback interface; `startFauxqs` would listen on every interface of the machine. */
export async function startSqs(options: { port?: number; region: string }) {
  await allowAllOfUnicode();
  const app = buildApp({ logger: false, defaultRegion: options.region });
  app.addHook('onRequest', (request, reply, done) => {
    const objection = objectionTo(request.raw);
    if (objection === undefined) done();
    else reply.code(403).send({ error: objection });
  });
  const endpoint = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const { host } = new URL(endpoint);

  async function ask<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
    const answer = await app.inject({ url: path, headers: { host } });
    if (answer.statusCode === 200) return v.parse(schema, answer.json());
    throw new Error(`expected ${path} of the local SQS, got ${answer.body}`);
  }
  /** An action of SQS's API by its name, with its parameters. */
  async function call(action: string, parameters: Record<string, unknown>): Promise<unknown> {
    const type = 'application/x-amz-json-1.0';
    const headers = { host, 'content-type': type, 'x-amz-target': `AmazonSQS.${action}` };
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers,
      payload: JSON.stringify(parameters),
    });
    if (answer.statusCode === 200) return answer.json();
    throw new Error(`expected ${action} to succeed, got ${answer.body}`);
  }

  return {
    /** For an AWS client. */
    endpoint,
    call,
    async createQueue({ name, attributes }: Plan['queues'][number]): Promise<void> {
      // The URL in the answer has a host that not every machine resolves; the service looks at its path only.
      await call('CreateQueue', { QueueName: name, Attributes: attributes });
    },
    /** Everything that lies on a queue, received by nobody. */
    inspect: (queueName: string) => ask(`/_fauxqs/queues/${encodeURIComponent(queueName)}`, contents),
    /** How many messages a queue holds, in flight and delayed ones included. */
    async depth(queueName: string): Promise<number> {
      const queue = (await ask('/_fauxqs/queues', depths)).find(({ name }) => name === queueName);
      if (queue === undefined) throw new Error(`expected a queue ${queueName}, got none of that name`);
      return queue.approximateMessageCount + queue.approximateInflightCount + queue.approximateDelayedCount;
    },
    async purge(queueUrl: string): Promise<void> {
      await call('PurgeQueue', { QueueUrl: queueUrl });
    },
    stop: () => app.close(),
  };
}
