import { buffer } from 'node:stream/consumers';
import { expect, inject, onTestFinished, test } from 'vitest';
import { serveOnLoopback } from '../../tools/local/loopback.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { runProgram } from '../support/program.ts';
import { SECRET } from '../support/webhook.ts';

const NAME = 'Receiver';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:topic';
const HOUR_MS = 3_600_000;

interface Aws {
  readonly state?: 'OK' | 'ALARM';
  readonly subscription?: string;
  /** Milliseconds ago. */
  readonly accepted?: number;
  readonly mismatched?: number;
  /** The error that every call to CloudFormation ends with. */
  readonly refusal?: string;
}

/** Query protocol: nested members of lists, as XML. */
const members = (items: readonly Readonly<Record<string, string>>[]) =>
  items
    .map((item) => Object.entries(item).map(([key, value]) => `<${key}>${value}</${key}>`))
    .map((fields) => `<member>${fields.join('')}</member>`)
    .join('');
const answered = (action: string, inside: string) =>
  `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`;

function byQuery({ outputs }: LocalStack, action: string, aws: Aws): string {
  switch (action) {
    case 'DescribeStacks': {
      const { NextStep: _command, ...plain } = outputs;
      const list = Object.entries(plain).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      const stack = `<member><StackName>${NAME}</StackName><Outputs>${members(list)}</Outputs></member>`;
      return answered(action, `<Stacks>${stack}</Stacks>`);
    }
    case 'ListStackResources': {
      const resources = [
        { ResourceType: 'AWS::SQS::Queue', PhysicalResourceId: 'queue' },
        { ResourceType: 'AWS::CloudWatch::Alarm', PhysicalResourceId: 'Slow' },
        { ResourceType: 'AWS::CloudWatch::CompositeAlarm', PhysicalResourceId: 'NotReceived' },
      ];
      return answered(action, `<StackResourceSummaries>${members(resources)}</StackResourceSummaries>`);
    }
    default: {
      const SubscriptionArn = aws.subscription ?? `${TOPIC}:1`;
      const list = members([{ SubscriptionArn, Endpoint: 'ops@example.com', TopicArn: TOPIC }]);
      return answered(action, `<Subscriptions>${list}</Subscriptions>`);
    }
  }
}

function byJson(target: string, input: { MetricName?: string; AlarmNames?: string[] }, aws: Aws): unknown {
  if (target.endsWith('.DescribeAlarms')) {
    const { state = 'OK' } = aws;
    const common = {
      StateValue: state,
      ActionsEnabled: true,
      AlarmActions: [TOPIC],
      AlarmDescription: 'Impact.',
    };
    const found = (name: string) =>
      input.AlarmNames?.includes(name) ? [{ ...common, AlarmName: name }] : [];
    return { MetricAlarms: found('Slow'), CompositeAlarms: found('NotReceived') };
  }
  const ago = input.MetricName === 'Accepted' ? aws.accepted : aws.mismatched;
  return { Datapoints: ago === undefined ? [] : [{ Timestamp: (Date.now() - ago) / 1_000, Sum: 1 }] };
}

/** Runs the doctor for a stack in an AWS whose queues, secret and webhook are those of a local stack. */
async function doctor(aws: Aws = {}) {
  const stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET });
  stack.secrets.backdate(stack.secretName, 'AWSCURRENT', 10 * HOUR_MS);
  const server = await serveOnLoopback(0, async (request, response) => {
    const body = (await buffer(request)).toString();
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string')
      return response.end(JSON.stringify(byJson(target, JSON.parse(body), aws)));
    response.setHeader('content-type', 'text/xml');
    if (aws.refusal !== undefined) {
      response.statusCode = 403;
      const error = `<Error><Type>Sender</Type><Code>${aws.refusal}</Code><Message>No.</Message></Error>`;
      return response.end(`<ErrorResponse>${error}</ErrorResponse>`);
    }
    return response.end(byQuery(stack, new URLSearchParams(body).get('Action') ?? '', aws));
  });
  onTestFinished(async () => {
    await server.stop();
    await stack.stop();
  });
  const { code, stdout } = await runProgram('doctor.ts', ['--stack', NAME], {
    AWS_ENDPOINT_URL: server.origin,
    AWS_ENDPOINT_URL_SQS: stack.sqsEndpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: stack.secretsEndpoint,
    AWS_REGION: stack.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return { code, stdout, faults: stdout.match(/^✗ .*$/gm) ?? [] };
}

test('finds a healthy stack healthy, its alarms and its deliveries included', async () => {
  const { code, stdout, faults } = await doctor({ mismatched: 3 * HOUR_MS, accepted: HOUR_MS });
  expect([code, faults]).toEqual([0, []]);
  expect(stdout).toContain('✓ Alarms: 2, none firing, 1 confirmed to be told');
  expect(stdout).toMatch(/^✓ Deliveries: the latest was accepted/m);
});

test.each<[string, Aws, RegExp[]]>([
  ['firing alarms', { state: 'ALARM' }, [/^✗ Alarm NotReceived; Impact\./, /^✗ Alarm Slow; Impact\./]],
  [
    'an unconfirmed mail address',
    { subscription: 'PendingConfirmation' },
    [/ops@example.com has not confirmed/],
  ],
  ['a secret that Veriff does not sign with', { mismatched: HOUR_MS }, [/^✗ Deliveries: .*does not match/]],
  [
    'credentials that have expired',
    { refusal: 'ExpiredToken' },
    [/^✗ Stack: .*ExpiredToken.*; sign in to AWS again/],
  ],
  [
    'a missing permission',
    { refusal: 'AccessDenied' },
    [/^✗ Stack: .*AccessDenied.*; ask for the permission/],
  ],
])('names %s', async (_fault, aws, said) => {
  const { code, faults } = await doctor(aws);
  expect([code, faults]).toEqual([1, said.map((pattern) => expect.stringMatching(pattern))]);
});
