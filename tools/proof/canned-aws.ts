import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';

const attribute = v.pipe(
  v.object({ DataType: v.literal('String'), StringValue: v.string() }),
  v.transform(({ StringValue }) => StringValue),
);
const sendMessage = v.pipe(
  v.object({
    QueueUrl: v.pipe(v.string(), v.url()),
    MessageBody: v.string(),
    MessageAttributes: v.optional(v.record(v.string(), attribute), {}),
  }),
  v.transform(({ QueueUrl, MessageBody, MessageAttributes }) => ({
    queue: new URL(QueueUrl).pathname.slice(1),
    body: MessageBody,
    attributes: MessageAttributes,
  })),
);
const getSecretValue = v.object({ SecretId: v.string(), VersionStage: v.optional(v.string(), 'AWSCURRENT') });

/** A message as it came over the wire. */
export type Write = v.InferOutput<typeof sendMessage>;

/**
 * SQS and Secrets Manager at their healthiest, with the least between a call and its answer: SQS takes everything, and
 * each secret has one version.
 */
export function cannedAws(
  secretOf: (id: string) => string,
  onWrite: (write: Write) => void = () => {},
): RequestListener {
  function sent(write: Write) {
    onWrite(write);
    const MD5OfMessageBody = createHash('md5').update(write.body).digest('hex');
    return { MessageId: '5fea7756-0ea4-451a-a703-a558b933e274', MD5OfMessageBody };
  }
  const version = {
    ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:canned-AbCdEf',
    Name: 'canned',
    VersionId: '6c9e3f0a-51f5-4b53-8f0c-1b1c9d3f5a01',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: 1_700_000_000,
  };
  const missing = { __type: 'ResourceNotFoundException', Message: 'There is no such version.' };
  const read = ({ SecretId, VersionStage }: v.InferOutput<typeof getSecretValue>) =>
    VersionStage === 'AWSCURRENT' ? { ...version, SecretString: secretOf(SecretId) } : missing;

  return async (request, response) => {
    // How the receiver opens its connection to SQS.
    if (request.method === 'GET') return void response.writeHead(404).end();
    const body: unknown = JSON.parse(await text(request));
    const isSend = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
    const answer = isSend ? sent(v.parse(sendMessage, body)) : read(v.parse(getSecretValue, body));
    const payload = JSON.stringify(answer);
    response.writeHead(answer === missing ? 400 : 200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(payload),
    });
    response.end(payload);
  };
}
