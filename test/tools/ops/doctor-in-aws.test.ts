import { buffer } from 'node:stream/consumers';
import { expect, inject, onTestFinished, test } from 'vitest';
import { REGION } from '../../../tools/local/addresses.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { type LocalStack, startLocalStack } from '../../../tools/local/stack.ts';
import { runProgram } from '../../support/program.ts';
import { SECRET } from '../../support/webhook.ts';

const NAME = 'Receiver';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:topic';
const HOUR_MS = 3_600_000;

interface Aws {
  readonly state?: 'OK' | 'ALARM';
  readonly subscription?: string;
  /** Milliseconds ago. */
  readonly accepted?: number;
  readonly mismatched?: number;
  /** What the policy of the topic allows to publish to. */
  readonly topic?: string;
  /** The key that the template names for the queue. */
  readonly key?: string;
  /** How many messages SQS took only without attributes. */
  readonly reduced?: number;
  /** How many messages SQS took only without attributes, of another unit: a datapoint of its own. */
  readonly reducedOfOldUnit?: number;
  /** How many of the accepted ones, one in all, were sent by tools of this project. */
  readonly storedFromTools?: number;
  /** How many were put into quarantine, by tools of this project, when one was accepted. */
  readonly quarantined?: number;
  /** The section that the alarms name. */
  readonly section?: string;
  /** Nobody answers for Secrets Manager. */
  readonly isSecretUnread?: boolean;
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
        {
          ResourceType: 'AWS::SQS::Queue',
          LogicalResourceId: 'Queue',
          PhysicalResourceId: outputs.QueueUrl ?? '',
        },
        {
          ResourceType: 'AWS::CloudWatch::Alarm',
          LogicalResourceId: 'ReceiverAlarmsSlow',
          PhysicalResourceId: 'Slow',
        },
        {
          ResourceType: 'AWS::CloudWatch::CompositeAlarm',
          LogicalResourceId: 'ReceiverAlarmsNotReceived',
          PhysicalResourceId: 'NotReceived',
        },
        { ResourceType: 'AWS::CloudWatch::Alarm', LogicalResourceId: 'Other', PhysicalResourceId: 'Other' },
      ];
      return answered(action, `<StackResourceSummaries>${members(resources)}</StackResourceSummaries>`);
    }
    case 'GetTemplate': {
      const Properties = aws.key === undefined ? {} : { KmsMasterKeyId: aws.key };
      return answered(
        action,
        `<TemplateBody>${JSON.stringify({ Resources: { Queue: { Properties } } })}</TemplateBody>`,
      );
    }
    case 'GetTopicAttributes':
      return answered(
        action,
        `<Attributes><entry><key>Policy</key><value>${JSON.stringify({
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: aws.topic ?? TOPIC },
          ],
        })}</value></entry></Attributes>`,
      );
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
      AlarmDescription: `Impact.${aws.section === undefined ? '' : ` What to do: docs/runbook.md#${aws.section}`}`,
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:any',
    };
    const found = (name: string) =>
      input.AlarmNames?.includes(name) ? [{ ...common, AlarmName: name }] : [];
    return {
      MetricAlarms: [...found('Slow'), ...found('Other')],
      CompositeAlarms: found('NotReceived').map((alarm) => ({ ...alarm, AlarmRule: 'ALARM("Slow")' })),
    };
  }
  const at = (ago: number | undefined, Sum: number | undefined) =>
    // To the period, as CloudWatch has it.
    ago === undefined || Sum === undefined
      ? []
      : [{ Timestamp: Math.floor((Date.now() - ago) / HOUR_MS) * (HOUR_MS / 1_000), Sum }];
  const datapoints: Readonly<Record<string, object[]>> = {
    Accepted: at(aws.accepted, 1),
    Quarantined: at(aws.accepted, aws.quarantined),
    StoredFromTools: at(aws.accepted, aws.storedFromTools),
    SignatureMismatch: at(aws.mismatched, 1),
    ReducedMessage: [...at(HOUR_MS, aws.reduced), ...at(HOUR_MS, aws.reducedOfOldUnit)],
  };
  return { Datapoints: datapoints[input.MetricName ?? ''] ?? [] };
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
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.isSecretUnread ? 'http://127.0.0.1:9' : stack.secretsEndpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return { code, stdout, faults: stdout.match(/^✗ .*$/gm) ?? [] };
}

test('finds a healthy stack healthy, its alarms and its deliveries included', async () => {
  const { code, stdout, faults } = await doctor({ mismatched: 3 * HOUR_MS, accepted: HOUR_MS });
  expect([code, faults]).toEqual([0, []]);
  expect(stdout).toContain('✓ Alarms: 2, none firing, 1 confirmed to be told');
  expect(stdout).toMatch(/^✓ Deliveries: the signature of the latest, .*, was right/m);
});

test("does not take the project's own deliveries for Veriff's", async () => {
  const { stdout } = await doctor({ accepted: HOUR_MS, storedFromTools: 1 });
  expect(stdout).toContain('– Deliveries: none yet');
});

test("finds Veriff's delivery beside one of the project's own in the same minute", async () => {
  const { stdout } = await doctor({ accepted: HOUR_MS, quarantined: 1, storedFromTools: 1 });
  expect(stdout).toMatch(/^✓ Deliveries: the signature of the latest, .*, was right/m);
});

test.each<[string, Aws, RegExp[]]>([
  ['firing alarms, and what they add up to not once more', { state: 'ALARM' }, [/^✗ Alarm Slow; Impact\./]],
  ['a topic that CloudWatch may not publish to', { topic: 'arn:other' }, [/does not let CloudWatch publish/]],
  [
    'messages that SQS took only in part',
    { reduced: 3 },
    [/^✗ Messages: 3 .*refused or too large.*#a-message-was-reduced$/],
  ],
  [
    'all of them when the unit of their metric was changed',
    { reduced: 3, reducedOfOldUnit: 2 },
    [/^✗ Messages: 5 /],
  ],
  [
    'a queue that is not encrypted as the template says',
    { key: 'alias/own' },
    [/^✗ Encryption: 1 of 1 queues/],
  ],
  [
    'an unconfirmed email address',
    { subscription: 'PendingConfirmation' },
    [/ops@example.com has not confirmed/],
  ],
  ['a secret that Veriff does not sign with', { mismatched: HOUR_MS }, [/^✗ Deliveries: .*does not match/]],
  [
    'an alarm of deliveries, too, when it could not see whether the secret is to blame',
    { state: 'ALARM', section: 'deliveries-are-unavailable', isSecretUnread: true },
    [/^✗ Secret: could not be checked/, /^✗ Alarm Slow; Impact\./],
  ],
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
