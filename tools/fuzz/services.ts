import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { serveOnLoopback } from '../local/loopback.ts';

/** A message as it came over the wire. */
export interface Write {
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const sendMessage = v.object({
  QueueUrl: v.pipe(v.string(), v.url()),
  MessageBody: v.string(),
  MessageAttributes: v.optional(
    v.record(v.string(), v.object({ DataType: v.literal('String'), StringValue: v.string() })),
    {},
  ),
});

const getSecretValue = v.object({ VersionStage: v.string() });

/**
 * SQS and Secrets Manager at their healthiest, with the least between a call and its answer: a million events leave no
 * time for more. SQS takes everything; the judge knows what the real one would refuse.
 */
export async function startServices(secret: string) {
  const writes: Write[] = [];
  const server = await serveOnLoopback(0, async (request, response) => {
    const body: unknown = JSON.parse(await text(request));
    const isSend = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
    const [status, answer] = isSend ? [200, store(body)] : read(body);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
  });

  /** The secret has one version. */
  function read(body: unknown): readonly [status: number, answer: object] {
    const { VersionStage } = v.parse(getSecretValue, body);
    return VersionStage === 'AWSCURRENT'
      ? [200, { SecretString: secret, VersionId: 'first', CreatedDate: 1 }]
      : [400, { __type: 'ResourceNotFoundException', Message: 'There is no such version.' }];
  }

  function store(body: unknown) {
    const { QueueUrl, MessageBody, MessageAttributes } = v.parse(sendMessage, body);
    writes.push({
      queue: new URL(QueueUrl).pathname.slice(1),
      body: MessageBody,
      attributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    });
    return {
      MessageId: String(writes.length),
      MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
    };
  }

  return {
    endpoint: server.origin,
    /** The messages since the last time. */
    takeWrites: () => writes.splice(0),
    stop: server.stop,
  };
}
