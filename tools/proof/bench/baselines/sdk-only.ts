/**
 * The least that anything on the AWS SDK can do here: read the secret, check the HMAC, send the message. Bundled and
 * configured as the receiver is; no validation, no limits, no log, no metrics.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_OPTIONS } from '../../../../functions/receiver/clients.ts';

interface HttpEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const sqs = new SQSClient({ ...CLIENT_OPTIONS, useQueueUrlAsEndpoint: false });
const secretsManager = new SecretsManagerClient(CLIENT_OPTIONS);
const secret = secretsManager.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }));

export const ready = secret;

export const handler = async ({ headers, body }: HttpEvent) => {
  const { SecretString = '' } = await secret;
  const expected = createHmac('sha256', SecretString).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(headers['x-hmac-signature'] ?? '', 'hex')))
    return { statusCode: 401 };
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));
  return { statusCode: 200, body: '{"status":"accepted"}' };
};
