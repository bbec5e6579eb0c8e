/**
 * The least that anything on the AWS SDK can do here: read the secret, check the HMAC, send the message. Bundled with
 * the receiver's own options; no validation, no limits, no log, no metrics.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { fromEnv } from '@aws-sdk/credential-provider-env';

interface HttpEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const clients = { maxAttempts: 1, credentials: fromEnv() };
const sqs = new SQSClient({ ...clients, useQueueUrlAsEndpoint: false });
const secretsManager = new SecretsManagerClient(clients);
const secret = secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));

export const handler = async ({ headers, body }: HttpEvent) => {
  const { SecretString = '' } = await secret;
  const expected = createHmac('sha256', SecretString).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(headers['x-hmac-signature'] ?? '', 'hex')))
    return { statusCode: 401 };
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));
  return { statusCode: 200, body: '{"status":"accepted"}' };
};
