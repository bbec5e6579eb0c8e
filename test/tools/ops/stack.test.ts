import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { REGION } from '../../../tools/local/addresses.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { findStack, revertDrift } from '../../../tools/ops/stack.ts';
import { stubAws } from '../../support/aws-environment.ts';
import { runProgram } from '../../support/program.ts';
import { setAside } from '../../support/quarantine.ts';
import { veriffSample } from '../../support/samples.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir') });
});
afterAll(() => stack.stop());

const NAMESPACE = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';

/** CloudFormation with one stack, by its query protocol; the environment that leads there. */
async function cloudFormation(
  name: string,
  outputs: Readonly<Record<string, string>>,
  status = 'CREATE_COMPLETE',
) {
  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    const asked = new URLSearchParams((await buffer(request)).toString());
    response.setHeader('content-type', 'text/xml');
    if (asked.get('Action') !== 'DescribeStacks' || asked.get('StackName') !== name) {
      response.statusCode = 400;
      return response.end(
        `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>ValidationError</Code>` +
          `<Message>Stack with id ${asked.get('StackName')} does not exist</Message></Error></ErrorResponse>`,
      );
    }
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    return response.end(
      `<DescribeStacksResponse ${NAMESPACE}><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><StackStatus>${status}</StackStatus>` +
        `<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  onTestFinished(stop);
  return stubAws({ AWS_ENDPOINT_URL_CLOUDFORMATION: origin }, 'us-east-1');
}

/** Those that XML takes as they are. */
function ownOutputs() {
  const { NextStep: _command, ...outputs } = stack.outputs;
  return outputs;
}

test.each([
  ['ROLLBACK_COMPLETE', 'mend what "cdk deploy" said, and deploy it again'],
  ['CREATE_IN_PROGRESS', 'wait until CloudFormation is done'],
  ['REVIEW_IN_PROGRESS', 'deploy it: so far it is only planned'],
])('says what to do about a stack that is not whole: %s', async (status, todo) => {
  await cloudFormation('Receiver', {}, status);
  const found = findStack({ name: 'Receiver' });
  await expect(found).rejects.toThrow(`expected a stack Receiver that is whole, got ${status}; `);
  await expect(found).rejects.toThrow(todo);
});

test('works on what a deletion that stopped half-way left, and advises no deployment of it', async () => {
  await cloudFormation('Receiver', ownOutputs(), 'DELETE_FAILED');
  const found = await findStack({ name: 'Receiver' });
  expect(revertDrift(found)).toBe('destroy the rest of it, see docs/runbook.md#leave-for-good');
});

test('finds the outputs of a stack in AWS, and leaves the services to the environment', async () => {
  await cloudFormation('Receiver', ownOutputs());
  const { sqs, secretsManager, ...found } = await findStack({ name: 'Receiver' });
  expect(found).toEqual({
    name: 'Receiver',
    receiver: '',
    flags: '--stack Receiver',
    outputs: expect.objectContaining({
      QueueUrl: stack.queues.main.url,
      QuarantineQueueUrl: stack.queues.quarantine.url,
      DeadLetterQueueUrl: stack.queues.deadLetter.url,
    }),
  });
  expect([sqs.config.endpoint, secretsManager.config.endpoint]).toEqual([undefined, undefined]);
});

test('finds the outputs and the services of the stack on this machine by its port', async () => {
  const { secretName, sqsEndpoint, secretsEndpoint } = stack;
  const found = await findStack({ localPort: Number(new URL(stack.url).port) });
  expect(found.outputs).toMatchObject({ WebhookUrl: stack.url, SecretName: secretName });
  for (const [client, endpoint] of [
    [found.sqs, sqsEndpoint],
    [found.secretsManager, secretsEndpoint],
  ] as const) {
    expect(await client.config.endpoint?.()).toMatchObject({ port: Number(new URL(endpoint).port) });
    expect(await client.config.region()).toBe(REGION);
  }
});

test('describes the local stack without its secret', async () => {
  const answer = await fetch(new URL('/_local/stack', stack.url));
  expect(await answer.text()).not.toContain(stack.secret);
});

test('says in one sentence that there is no such stack', async () => {
  await cloudFormation('Receiver', ownOutputs());
  await expect(findStack({ name: 'Other' })).rejects.toThrow(
    /^expected a stack Other in us-east-1, got none; give the name/,
  );
});

test('refuses a stack that is no receiver, naming what it lacks', async () => {
  await cloudFormation('Website', { WebhookUrl: 'https://example.com', QueueArn: 'arn' });
  await expect(findStack({ name: 'Website' })).rejects.toThrow(
    'without the outputs QueueUrl, DeadLetterQueueUrl, QuarantineQueueUrl, SecretName',
  );
});

/** The outputs of several receivers, each under its name. */
const several = (...names: string[]) =>
  Object.fromEntries(
    names.flatMap((name) => Object.entries(ownOutputs()).map(([key, value]) => [`${name}${key}`, value])),
  );

test("finds the only receiver of somebody's own stack, whatever its outputs begin with", async () => {
  await cloudFormation('Backend', { ...several('Statuses'), WebhookUrl: 'https://example.com/another' });
  const { receiver, outputs } = await findStack({ name: 'Backend' });
  expect([receiver, outputs.WebhookUrl]).toEqual(['Statuses', stack.url]);
});

test('finds one of several receivers by its name, and asks which when none is named', async () => {
  await cloudFormation('Backend', several('Eu', 'EuWest'));
  expect((await findStack({ name: 'Backend', receiver: 'Eu' })).receiver).toBe('Eu');
  await expect(findStack({ name: 'Backend' })).rejects.toThrow(
    'expected one receiver of Backend, got 2 receivers in it; give --stack Backend/Eu or --stack Backend/EuWest',
  );
  await expect(findStack({ name: 'Backend', receiver: 'Us' })).rejects.toThrow('got no receiver Us');
});

test('says of a local stack that is starting that it is, and not how to start it', async () => {
  const { port, stop } = await serveOnLoopback(0, (_request, response) => response.writeHead(503).end());
  onTestFinished(stop);
  await expect(findStack({ localPort: port })).rejects.toThrow('got one that is starting; wait');
});

test('refuses a port where something else answers', async () => {
  const other = await serveOnLoopback(0, (_request, response) => response.end('{}'));
  onTestFinished(() => other.stop());
  await expect(findStack({ localPort: other.port })).rejects.toThrow(
    'got something else; start it with "npm start"',
  );
});

test('says that nothing answers at a port', async () => {
  await expect(findStack({ localPort: 1 })).rejects.toThrow('got no answer; start it with "npm start"');
});

test('replays the quarantine of a stack in AWS', async () => {
  await setAside(stack, veriffSample.body);
  const env = await cloudFormation('Receiver', ownOutputs());
  const { code, stdout } = await runProgram('replay.ts', ['--stack', 'Receiver', '--apply'], {
    ...env,
    AWS_ENDPOINT_URL_SQS: stack.sqsEndpoint,
  });
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 looked at: 1 sent.')]);
});
