import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseUserStatusMessage } from '../../contract/parse-message.ts';
import { dynamoStatuses } from '../../examples/lambda-subscriber/statuses.ts';
import { validSamples } from '../support/samples.ts';

const sample = validSamples.find(({ name }) => name === 'times-with-offset-and-nanoseconds');
const message = parseUserStatusMessage({ Body: sample?.body });

/** A table that answers each request so, and keeps what it was asked. */
async function table(status: number, answer: Record<string, unknown>) {
  const requests: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    requests.push(JSON.parse((await request.toArray()).join('')));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return { requests, statuses: dynamoStatuses(DynamoDBDocumentClient.from(client), 'Statuses') };
}

const POSITION = `101769884199123456789#${message.eventId}`;

describe('the statuses in DynamoDB', () => {
  it('are kept each at its own position, which sorts by createdAt, unless it was acted on', async () => {
    const { statuses, requests } = await table(200, {});
    expect(await statuses.keep(message)).toBe(true);
    expect(requests).toMatchObject([
      {
        TableName: 'Statuses',
        ConditionExpression: 'attribute_not_exists(actedAt)',
        Item: {
          attemptId: { S: message.event.attemptId },
          position: { S: POSITION },
          eventId: { S: message.eventId },
          createdAt: { S: '2026-01-31T23:59:59.123456789+05:30' },
        },
      },
    ]);
  });

  it('remember when they were acted on', async () => {
    const { statuses, requests } = await table(200, {});
    await statuses.markActed(message, new Date('2026-02-01T00:00:00Z'));
    expect(requests).toMatchObject([
      {
        TableName: 'Statuses',
        Key: { attemptId: { S: message.event.attemptId }, position: { S: POSITION } },
        UpdateExpression: 'SET actedAt = :at',
        ExpressionAttributeValues: { ':at': { S: '2026-02-01T00:00:00.000Z' } },
      },
    ]);
  });

  it('are not to be acted on again when they were', async () => {
    const { statuses } = await table(400, {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    });
    expect(await statuses.keep(message)).toBe(false);
  });

  it('are not said to be kept when DynamoDB fails', async () => {
    const { statuses } = await table(500, {
      __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    });
    await expect(statuses.keep(message)).rejects.toThrow(
      expect.objectContaining({ name: 'InternalServerError' }),
    );
  });
});
