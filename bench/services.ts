/**
 * SQS and Secrets Manager that always say the same, over TLS on the loopback interface: a program of its own, so that
 * its work is not counted as the function's. Tells its parent where it answers.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { createCertificate } from './certificate.ts';
import { SECRET } from './delivery.ts';

const md5 = new Map<string, string>();

function sendMessage(body: string): Record<string, string> {
  const message = String(JSON.parse(body).MessageBody);
  const known = md5.get(message) ?? createHash('md5').update(message).digest('hex');
  md5.set(message, known);
  return { MessageId: '5fea7756-0ea4-451a-a703-a558b933e274', MD5OfMessageBody: known };
}

const secretValue = {
  ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:bench-AbCdEf',
  Name: 'bench',
  VersionId: '6c9e3f0a-51f5-4b53-8f0c-1b1c9d3f5a01',
  VersionStages: ['AWSCURRENT'],
  CreatedDate: 1_700_000_000,
  SecretString: SECRET,
};

/** Each service is a server of its own, as on AWS: the function opens a connection to each. */
async function serve(credentials: { key: Buffer; cert: Buffer }, answer: (body: string) => unknown) {
  const listener: RequestListener = async (request: IncomingMessage, response: ServerResponse) => {
    const payload = JSON.stringify(answer(await text(request)));
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(payload),
    });
    response.end(payload);
  };
  const server = createServer({ ...credentials, keepAliveTimeout: 120_000 }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address, got none');
  return `https://127.0.0.1:${address.port}`;
}

const { key, cert, file } = await createCertificate(process.argv[2] ?? '');
const sqs = await serve({ key, cert }, sendMessage);
const secretsManager = await serve({ key, cert }, () => secretValue);
process.on('disconnect', () => process.exit(0));
process.send?.({ sqs, secretsManager, certificate: file });
