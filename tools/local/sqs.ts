import { buildApp } from 'fauxqs';
import * as v from 'valibot';
import { REGION } from './addresses.ts';
import { objectionTo } from './loopback.ts';
import { ACCOUNT } from './physical-ids.ts';
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
const DEPTHS = ['', 'NotVisible', 'Delayed'].map((state) => `ApproximateNumberOfMessages${state}`);
const depths = v.object({ Attributes: v.record(v.string(), v.pipe(v.string(), v.toNumber())) });

export type LocalSqs = Awaited<ReturnType<typeof startSqs>>;

/** SQS's wire protocol on the loopback interface; `startFauxqs` would listen on every interface of the machine. */
export async function startSqs(port = 0) {
  await allowAllOfUnicode();
  const app = buildApp({ logger: false, defaultRegion: REGION });
  app.addHook('onRequest', (request, reply, done) => {
    const objection = objectionTo(request.raw);
    if (objection === undefined) done();
    else reply.code(403).send({ error: objection });
  });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  const { host } = new URL(endpoint);

  async function ask(request: { url: string; method?: 'POST'; headers?: object; payload?: string }) {
    const answer = await app.inject({ ...request, headers: { host, ...request.headers } });
    if (answer.statusCode === 200) return answer.json<unknown>();
    throw new Error(`expected the local SQS to answer, got ${answer.body}`);
  }
  /** An action of SQS's API by its name, with its parameters. */
  async function call(action: string, parameters: Record<string, unknown>): Promise<unknown> {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` };
    return ask({ method: 'POST', url: '/', headers, payload: JSON.stringify(parameters) });
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
    inspect: async (queueName: string) =>
      v.parse(contents, await ask({ url: `/_fauxqs/queues/${encodeURIComponent(queueName)}` })),
    /** How many messages a queue holds, in flight and delayed ones included. */
    async depth(queueName: string): Promise<number> {
      const asked = { QueueUrl: `${endpoint}/${ACCOUNT}/${queueName}`, AttributeNames: DEPTHS };
      const { Attributes } = v.parse(depths, await call('GetQueueAttributes', asked));
      return Object.values(Attributes).reduce((sum, count) => sum + count, 0);
    },
    async purge(queueUrl: string): Promise<void> {
      await call('PurgeQueue', { QueueUrl: queueUrl });
    },
    stop: () => app.close(),
  };
}

const sqsTypes = v.object({ INVALID_MESSAGE_BODY_CHAR: v.instance(RegExp) });

/**
 * SQS takes #x10000 to #x10FFFF (an emoji in a reason, say); fauxqs 2.4 refuses them, because its pattern looks at
 * UTF-16 units. The same ranges by code point; to be deleted when fauxqs does it.
 */
async function allowAllOfUnicode(): Promise<void> {
  const loaded: unknown = await import(new URL('./sqs/sqsTypes.js', import.meta.resolve('fauxqs')).href);
  const { INVALID_MESSAGE_BODY_CHAR } = v.parse(sqsTypes, loaded);
  INVALID_MESSAGE_BODY_CHAR.compile(
    '[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]',
    'u',
  );
}
