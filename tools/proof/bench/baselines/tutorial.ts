/** The same webhook as a tutorial writes it: middy, zod, both SDK clients, and the bundler's defaults. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';

const userStatus = z.object({
  eventType: z.literal('user-status.created'),
  sessionId: z.string(),
  attemptId: z.string(),
  time: z.string(),
  vendorData: z.string().nullish(),
  endUserId: z.string().nullish(),
  data: z.object({
    verification: z.object({
      id: z.string(),
      userDefinedData: z.object({
        status: z.string(),
        statusCode: z.string(),
        reason: z.string(),
        reasonCode: z.string().nullable(),
        createdAt: z.string(),
      }),
    }),
  }),
});

const sqs = new SQSClient({});
const secretsManager = new SecretsManagerClient({});
let secret: string | undefined;

async function getSecret() {
  if (secret === undefined) {
    const response = await secretsManager.send(
      new GetSecretValueCommand({ SecretId: process.env.SECRET_ID }),
    );
    secret = response.SecretString;
  }
  return secret ?? '';
}

const baseHandler = async (event: APIGatewayProxyEventV2) => {
  const body = event.body ?? '';
  const expected = createHmac('sha256', await getSecret())
    .update(body)
    .digest();
  const signature = Buffer.from(event.headers['x-hmac-signature'] ?? '', 'hex');
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) {
    return { statusCode: 401, body: JSON.stringify({ message: 'Unauthorized' }) };
  }
  const parsed = userStatus.safeParse(JSON.parse(body));
  if (!parsed.success) {
    return { statusCode: 400, body: JSON.stringify({ message: 'Bad Request' }) };
  }
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body }));
  console.log('Event accepted', parsed.data.sessionId);
  return { statusCode: 200, body: JSON.stringify({ status: 'accepted' }) };
};

export const handler = middy(baseHandler);
