import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DESCRIPTION_PATH } from '../../../tools/local/description.ts';
import type { LocalStack } from '../../../tools/local/stack.ts';
import { startLocalStack } from '../../../tools/local/stack.ts';
import { webhook } from '../../support/webhook.ts';

let stack: LocalStack;
let deliveries = 0;
beforeAll(async () => {
  stack = await startLocalStack({
    assemblyDir: inject('assemblyDir'),
    onDelivery: () => {
      deliveries += 1;
    },
  });
});
afterAll(() => stack.stop());

/** `fetch` would set Host and Origin itself. */
function ask(url: string, headers: OutgoingHttpHeaders, body?: string | Uint8Array) {
  return new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    outgoing.on('error', reject).end(body);
  });
}

/** One request to each service that a page in a browser could make something of, if it were answered. */
async function askAll(headers: OutgoingHttpHeaders): Promise<unknown[]> {
  const { url, secretsEndpoint, sqsEndpoint, queues, secret = '', secretName } = stack;
  const delivery = webhook({ secret });
  const read = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
  const send = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const message = JSON.stringify({ QueueUrl: queues.main.url, MessageBody: 'forged' });
  const sample = Buffer.from(delivery.body);
  return [
    await ask(url, { ...delivery.headers, ...headers }, sample),
    await ask(new URL(DESCRIPTION_PATH, url).href, headers),
    await ask(secretsEndpoint, { ...read, ...headers }, JSON.stringify({ SecretId: secretName })),
    await ask(sqsEndpoint, { ...send, ...headers }, message),
    await ask(sqsEndpoint, { ...form, ...headers }, 'Action=CreateTopic&Name=t'),
    await ask(`${sqsEndpoint}/_fauxqs/queues`, headers),
  ];
}

const REFUSED = [403, 403, 403, 403, 403, 403];

describe('the webhook, the secret and the queues are closed to', () => {
  test.each<[string, OutgoingHttpHeaders]>([
    ['a name that somebody points at 127.0.0.1', { host: 'evil.example' }],
    ['such a name with a port', { host: 'evil.example:3000' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a name that ends like ours', { host: 'evillocalhost' }],
    ['a name with a user in it', { host: '127.0.0.1@evil.example' }],
    ['a page of another origin', { origin: 'http://evil.example' }],
    ['a page on another port', { host: 'localhost:3000', origin: 'http://localhost:5173' }],
    ['a page of another scheme', { host: 'localhost:3000', origin: 'https://localhost:3000' }],
    ['a page from nowhere', { origin: 'null' }],
    ['what a page of another site loads', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ])('%s', async (_what, headers) => {
    await stack.sqs.purge(stack.queues.main.url);
    deliveries = 0;
    expect(await askAll(headers)).toEqual(REFUSED);
    expect([deliveries, await stack.sqs.depth(stack.queues.main.name)]).toEqual([0, 0]);
  });
});

describe('they are open to', () => {
  test.each<[string, OutgoingHttpHeaders]>([
    ['a program that asks for 127.0.0.1', {}],
    ['one that asks for localhost, by whatever port a proxy has', { host: 'localhost:9999' }],
    ["one that asks for the host of SQS's own URLs", { host: 'sqs.us-east-1.localhost:3002' }],
    ['a page of the same origin', { host: 'localhost:3000', origin: 'http://localhost:3000' }],
  ])('%s', async (_what, headers) => {
    expect(await askAll(headers)).not.toContain(403);
  });
});
