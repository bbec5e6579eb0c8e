import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventId, type UserStatusCreated } from '../../../contract/subscriber.ts';
import { tryTwice } from '../../../functions/receiver/retry.ts';
import { warmUp } from '../../../functions/receiver/warm-up.ts';

const CREDENTIALS = { accessKeyId: 'id', secretAccessKey: 'secret' };
const QUEUE_URL = 'http://127.0.0.1/000000000000/queue';
/** MD5 of `body`. */
const MD5 = '841a2d689ad86bd1611447453c22c6fc';

const requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string })[] = [];
let connections = 0;
let isSilent = false;

const server = createServer(async (request, response) => {
  const { method, url, headers } = request;
  requests.push({ method, url, headers, body: await text(request) });
  if (isSilent) return;
  const isMessage = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage';
  response.writeHead(isMessage ? 200 : 404, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(isMessage ? JSON.stringify({ MessageId: 'm', MD5OfMessageBody: MD5 }) : '{}');
}).on('connection', () => {
  connections += 1;
});
let client: SQSClient;

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const options = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials: CREDENTIALS };
  client = new SQSClient({ ...options, maxAttempts: 1, useQueueUrlAsEndpoint: false });
  requests.length = connections = 0;
  isSilent = false;
});
afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const send = () => client.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: 'body' }));

it('sends no message, but one request without a body and a signature', async () => {
  await warmUp(client);
  expect(requests).toEqual([{ method: 'GET', url: '/', headers: expect.any(Object), body: '' }]);
  expect(requests[0]?.headers).not.toHaveProperty('authorization');
  expect(requests[0]?.headers).not.toHaveProperty('x-amz-security-token');
});

it('has SQS confirm a whole message of its own, which no queue gets', async () => {
  const inputs: object[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      inputs.push(args.input);
      const result = await next(args);
      expect(result.output).toMatchObject({ MessageId: 'r' });
      return result;
    },
    { step: 'initialize' },
  );
  await warmUp(client);
  const text = (value = 'r') => ({ DataType: 'String', StringValue: value });
  const time = '2000-01-01T00:00:00.000000Z';
  const status = { status: 'r', statusCode: 'r', reason: 'r', reasonCode: null, createdAt: time };
  const event: UserStatusCreated = {
    ...{ eventType: 'user-status.created', sessionId: 'r', attemptId: 'r', time },
    ...{ vendorData: null, endUserId: null, data: { verification: { id: 'r', userDefinedData: status } } },
  };
  expect(inputs).toEqual([
    {
      QueueUrl: 'https://warm-up.invalid/queue',
      MessageBody: JSON.stringify(event),
      MessageAttributes: {
        eventId: text(eventId(event)),
        eventType: text('user-status.created'),
        ...{ statusCode: text(), sessionId: text(), attemptId: text(), createdAt: text(time) },
        ...{ integration: text('warm-up'), receivedAt: expect.any(Object) },
      },
      MessageSystemAttributes: {},
    },
  ]);
});

it('opens the connection that the first message uses', async () => {
  await warmUp(client);
  await setImmediate();
  await send();
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  expect(connections).toBe(1);
});

it('costs a message one try at the most when SQS has closed that connection meanwhile', async () => {
  await warmUp(client);
  await setImmediate();
  server.closeAllConnections();
  expect(await tryTwice(send, { limitMs: 1_000 })).toMatchObject({ MessageId: 'm' });
});

it('leaves nothing in the way of messages, nor of their errors', async () => {
  await warmUp(client);
  expect(await send()).toMatchObject({ MessageId: 'm' });
  expect(client.middlewareStack.identify().join()).not.toContain('warm-up');
});

it('never confirms a message of a delivery that comes while it is still waiting for SQS', async () => {
  isSilent = true;
  const warming = warmUp(client);
  await expect.poll(() => requests.length).toBe(1);
  isSilent = false;
  expect(await send()).toMatchObject({ MessageId: 'm' });
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  server.closeAllConnections();
  await warming;
});

it('ends without an error when SQS cannot be reached', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(warmUp(client)).resolves.toBeUndefined();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
