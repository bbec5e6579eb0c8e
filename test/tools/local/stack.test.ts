import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localClient } from '../../../tools/local/addresses.ts';
import type { DeliveryRecord } from '../../../tools/local/delivery-record.ts';
import type { LocalStack, LocalStackOptions } from '../../../tools/local/stack.ts';
import { startLocalStack } from '../../../tools/local/stack.ts';
import { smallTemplate } from './small-template.ts';

/** Puts the body on the queue where the SDK would reach SQS, and answers as the receiver does. */
const handler = `
export const handler = async (event) => {
  if (event.body === 'no') return { statusCode: 401, body: JSON.stringify({ status: 401, detail: 'no signature' }) };
  const response = await fetch(process.env.AWS_ENDPOINT_URL_SQS, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({ QueueUrl: process.env.QUEUE_URL, MessageBody: event.body }),
  });
  const { MessageId } = await response.json();
  return { statusCode: response.status, body: JSON.stringify({ status: 'accepted', eventId: MessageId }) };
};`;

let assemblyDir = '';
let stack: LocalStack | undefined;
beforeEach(async () => {
  assemblyDir = await mkdtemp(join(tmpdir(), 'assembly-'));
  await mkdir(join(assemblyDir, 'asset.code'));
  const version = '48.0.0';
  const source = { path: 'asset.code', packaging: 'zip' };
  const files = { code: { source, destinations: {} } };
  const artifacts = {
    'small.assets': { type: 'cdk:asset-manifest', properties: { file: 'small.assets.json' } },
    small: {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: 'small.json' },
    },
  };
  await writeFile(join(assemblyDir, 'asset.code', 'index.mjs'), handler);
  await writeFile(join(assemblyDir, 'small.json'), JSON.stringify(smallTemplate()));
  await writeFile(join(assemblyDir, 'small.assets.json'), JSON.stringify({ version, files }));
  await writeFile(join(assemblyDir, 'manifest.json'), JSON.stringify({ version, artifacts }));
});
afterEach(async () => {
  await stack?.stop();
  await rm(assemblyDir, { recursive: true });
});

async function start(options: LocalStackOptions = {}): Promise<LocalStack> {
  stack = await startLocalStack({ assemblyDir, ...options });
  return stack;
}

const send = (url: string, body = 'hello') =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body });

test('carries a delivery from the webhook through the function to a queue that an AWS client reads', async () => {
  const { url, sqsEndpoint, queues } = await start();
  expect((await send(url)).status).toBe(200);
  const client = new SQSClient(localClient(sqsEndpoint));
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queues.main.url }));
  client.destroy();
  expect(Messages).toMatchObject([{ Body: 'hello' }]);
});

test('shows what lies on a queue without receiving it', async () => {
  const { url, sqs, queues } = await start();
  await send(url);
  const { messages } = await sqs.inspect(queues.main.name);
  expect(messages.ready).toMatchObject([{ body: 'hello' }]);
  expect([await sqs.depth(queues.main.name), await sqs.depth(queues.quarantine.name)]).toEqual([1, 0]);
  await sqs.purge(queues.main.url);
  expect(await sqs.depth(queues.main.name)).toBe(0);
});

test('tells each delivery with its outcome and what the answer said', async () => {
  const records: DeliveryRecord[] = [];
  const { url } = await start({ onDelivery: (record) => records.push(record) });
  await send(url);
  await send(url, 'no');
  await fetch(new URL('/other', url));
  expect(records).toMatchObject([
    { outcome: 'accepted', status: 200, eventId: expect.any(String) },
    { outcome: 'refused', status: 401, reason: 'no signature' },
    { outcome: 'not found', status: 404 },
  ]);
});

test('stores a made-up secret over the placeholder of a fresh stack', async () => {
  const { secret, secrets, secretName } = await start();
  expect(secrets.get(secretName).value).toEqual({ SecretString: secret });
  expect(secrets.get(secretName, { stage: 'AWSPREVIOUS' }).value).toEqual({
    SecretString: expect.stringContaining('"placeholder"'),
  });
});

test('leaves the placeholder when told so', async () => {
  const { secret, secrets, secretName } = await start({ secret: null });
  expect(secret).toBeUndefined();
  expect(secrets.get(secretName).value).toEqual({ SecretString: expect.stringContaining('"placeholder"') });
});

test('lets a proxy stand between the function and SQS', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer((request, response) => {
    asked.push(String(request.headers['x-amz-target']));
    response.writeHead(503).end('{}');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const { url } = await start({ functionEndpoints: { sqs: `http://127.0.0.1:${port}` } });
  expect((await send(url)).status).toBe(503);
  expect(asked).toEqual(['AmazonSQS.SendMessage']);
  proxy.closeAllConnections();
  proxy.close();
});

test('stands next to another one', async () => {
  const first = await start();
  const second = await startLocalStack({ assemblyDir });
  await send(second.url);
  expect(await first.sqs.depth(first.queues.main.name)).toBe(0);
  expect(await second.sqs.depth(second.queues.main.name)).toBe(1);
  await second.stop();
});

test('fails with EADDRINUSE when its port is taken', async () => {
  const taken = new URL((await start()).url).port;
  await expect(startLocalStack({ assemblyDir, port: Number(taken) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

test('answers nobody any more once it was stopped', async () => {
  const { url, sqsEndpoint, secretsEndpoint, stop } = await start();
  await stop();
  for (const gone of [url, sqsEndpoint, secretsEndpoint])
    await expect(fetch(gone)).rejects.toThrow('fetch failed');
});

test('refuses a directory without an assembly', async () => {
  await expect(startLocalStack({ assemblyDir: tmpdir() })).rejects.toThrow('manifest.json');
});
