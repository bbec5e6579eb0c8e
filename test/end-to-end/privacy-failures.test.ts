import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { sign } from '../../functions/receiver/signature.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { type Canned, startCannedAws } from '../support/canned-aws.ts';
import { veriffSample } from '../support/samples.ts';
import { expectNothingOf, marked, PRIVATE } from '../support/secrecy.ts';
import { talkative } from '../support/talkative.ts';
import { SECRET } from '../support/webhook.ts';

/** A service's answer to a request's body. */
type Answer = (body: string) => Canned;

const GIVEN = JSON.stringify({ SecretString: SECRET, VersionId: 'first', CreatedDate: 1 });
const readable: Answer = () => [200, GIVEN];

const body = marked(veriffSample.body);
const signature = sign(SECRET, body);
const said: string[] = [];
let answers: { read: Answer; send: Answer };
let services: Awaited<ReturnType<typeof startCannedAws>>;
let stack: LocalStack;
let removeCopy = async () => {};

beforeAll(async () => {
  const copy = await talkative(inject('assemblyDir'));
  removeCopy = copy.remove;
  services = await startCannedAws(({ action, body: asked }) =>
    action === 'GetSecretValue' ? answers.read(asked) : answers.send(asked),
  );
  stack = await startLocalStack({
    assemblyDir: copy.directory,
    secret: SECRET,
    functionEndpoints: { sqs: services.endpoint, secretsManager: services.endpoint },
    onLog: (line) => void said.push(line),
  });
});
beforeEach(async () => {
  await stack.function.recycle();
  said.length = 0;
  answers = { read: readable, send: () => [500, ''] };
});
afterAll(async () => {
  await stack.stop();
  await services.stop();
  await removeCopy();
});

/** Posts it, and keeps all of the answer with what is printed. */
async function post(given: string) {
  const headers = { 'x-hmac-signature': given, 'x-auth-client': PRIVATE };
  const response = await fetch(stack.url, { method: 'POST', body, headers });
  said.push(JSON.stringify([...response.headers]), await response.text());
  return response.status;
}

const failure = (status: number, error: object): Answer => {
  return () => [status, error];
};
const frames = (of: string) => `x\n    at ${of} (a.js:1:1)\n    at ${of} (a.js:1:1)`;

it.each<[string, Answer]>([
  ['no JSON', () => [200, SECRET]],
  ['JSON cut short', () => [200, GIVEN.slice(0, -9)]],
  ['lines that look like frames', () => [200, frames(SECRET)]],
  ['no secret', failure(200, { Value: SECRET })],
  ['a secret that is no map', failure(200, { SecretString: `{"a":"${SECRET}`, CreatedDate: 1 })],
  ['a date that is none', failure(200, { SecretString: SECRET, CreatedDate: SECRET })],
  ['a page of errors', () => [502, `<html>${SECRET}</html>`]],
  ['an error with a message', failure(500, { __type: 'InternalServiceError', Message: SECRET })],
  ['an error of a strange name', failure(400, { __type: SECRET })],
])('nothing of what Secrets Manager gives is printed or answered, cold or warm: %s', async (_, read) => {
  answers.read = read;
  expect(await post(signature)).toBe(503);
  answers.read = readable;
  await stack.function.recycle();
  await post(signature);
  answers.read = read;
  expect(await post(sign('forged', body))).toBe(503);
  expect(said.join()).toContain('Unavailable');
  expect(said.join()).toMatch(/The secret could not be read|The secret is no longer usable/);
  expectNothingOf([PRIVATE, SECRET, signature], said);
});

const echo = (type: string): Answer => {
  return (asked) => [400, { __type: `com.amazonaws.sqs#${type}`, message: asked }];
};

it.each<[string, Answer, number]>([
  ['an error that repeats the message', echo('InternalFailure'), 503],
  ['a complaint that repeats the message', echo('SerializationException'), 503],
  ['a refusal that repeats the message', echo('InvalidMessageContents'), 503],
  ['no JSON', (asked) => [200, asked.slice(1)], 503],
  ['lines that look like frames', (asked) => [200, frames(asked)], 503],
  ['the message', (asked) => [200, asked], 503],
  ['a page of errors', (asked) => [502, `<html>${asked}</html>`], 503],
])('nothing of what SQS gives is printed or answered: %s', async (_, send, status) => {
  answers.send = send;
  expect(await post(signature)).toBe(status);
  expectNothingOf([PRIVATE, SECRET, signature], said);
});
