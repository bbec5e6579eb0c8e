import { describe, expect, test } from 'vitest';
import { resolved } from './receiver-template.ts';
import { arnOf, idOf, synthesize } from './synthesize.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const DRAIN = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:123456789012:veriff-status-receiver-dev-5ccc1230';
const QUEUES = ['Receiver/Queue', 'Receiver/DeadLetterQueue', 'Receiver/QuarantineQueue'];

const plain = synthesize().template;
const full = synthesize({
  eventBus: true,
  subscriberAccounts: ['111111111111', '222222222222'],
  kmsKeyArn: KEY,
}).template;

const propertiesOf = (template: typeof plain, path: string) =>
  template.toJSON().Resources[idOf(template, path)].Properties;
const statementsOf = (template: typeof plain, path: string) =>
  propertiesOf(template, path).PolicyDocument.Statement;

describe('the policy for subscribers', () => {
  test('allows to drain the queue and nothing else', () => {
    expect(resolved(statementsOf(plain, 'Receiver/SubscriberPolicy'))).toEqual([
      { Effect: 'Allow', Action: DRAIN, Resource: QUEUE_ARN },
    ]);
  });

  test('allows to decrypt with the key, where there is one', () => {
    expect(resolved(statementsOf(full, 'Receiver/SubscriberPolicy'))).toEqual([
      { Effect: 'Allow', Action: DRAIN, Resource: QUEUE_ARN },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
    ]);
  });
});

describe('subscriberAccounts', () => {
  test('may drain the queue, and no other principal is let in', () => {
    const account = (id: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${id}:root`]],
    });
    const allowed = QUEUES.flatMap((path) => statementsOf(full, `${path}/Policy`)).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed).toEqual([
      {
        Sid: 'SubscriberAccounts',
        Effect: 'Allow',
        Principal: { AWS: [account('111111111111'), account('222222222222')] },
        Action: DRAIN,
        Resource: arnOf(full, 'Receiver/Queue'),
      },
    ]);
  });

  test('are none by default', () => {
    const statements = QUEUES.flatMap((path) => statementsOf(plain, `${path}/Policy`));
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny', 'Deny']);
  });
});

describe('kmsKeyArn', () => {
  test.each(QUEUES)('encrypts %s', (path) => {
    expect(propertiesOf(full, path).KmsMasterKeyId).toBe(KEY);
    expect(propertiesOf(plain, path)).not.toHaveProperty('KmsMasterKeyId');
  });

  test('encrypts the secret', () => expect(propertiesOf(full, 'Receiver/Secret').KmsKeyId).toBe(KEY));
});

describe('eventBus', () => {
  test('is off by default', () => {
    for (const type of ['AWS::Pipes::Pipe', 'AWS::Events::EventBus', 'AWS::Events::Archive'])
      plain.resourceCountIs(type, 0);
  });

  test('gets each message of the queue as one event of its own type, through a pipe that may do just that', () => {
    const bus = { 'Fn::GetAtt': [Object.keys(full.findResources('AWS::Events::EventBus'))[0], 'Arn'] };
    const [pipe] = Object.values(full.findResources('AWS::Pipes::Pipe'));
    expect(pipe?.Properties).toMatchObject({
      Source: arnOf(full, 'Receiver/Queue'),
      SourceParameters: { SqsQueueParameters: { BatchSize: 1 } },
      Target: bus,
      TargetParameters: {
        EventBridgeEventBusParameters: { Source: 'veriff', DetailType: 'user-status.created' },
      },
    });
    const [policy] = propertiesOf(full, 'Receiver/PipeRole').Policies;
    expect(resolved(policy.PolicyDocument.Statement)).toEqual([
      {
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        // Also by the name that a change of fifo would give it: the new pipe is made before IAM knows a new policy.
        Resource: [`${QUEUE_ARN}.fifo`, QUEUE_ARN],
      },
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: resolved(bus) },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY },
    ]);
  });

  test.each([
    ['standard', full, ''],
    ['FIFO', synthesize({ eventBus: true, fifo: true }).template, '.fifo'],
  ])(
    'trusts this pipe and no other, of this account, and does so before fifo is changed: %s',
    (_, template, end) => {
      const pipe = 'veriff-status-receiver-dev-5ccc1230';
      const arn = `arn:aws:pipes:eu-west-1:123456789012:pipe/${pipe}`;
      const [{ Properties } = { Properties: {} }] = Object.values(template.findResources('AWS::Pipes::Pipe'));
      expect(resolved(Properties.Name)).toBe(`${pipe}${end}`);
      expect(
        resolved(propertiesOf(template, 'Receiver/PipeRole').AssumeRolePolicyDocument.Statement),
      ).toEqual([
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'pipes.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012' },
            ArnEquals: { 'aws:SourceArn': [`${arn}.fifo`, arn] },
          },
        },
      ]);
    },
  );

  test('keeps its events for replay', () => {
    full.hasResourceProperties('AWS::Events::Archive', {
      EventPattern: { source: ['veriff'] },
      RetentionDays: 90,
    });
  });

  test('is found by its name in an output and a parameter', () => {
    const name = full.findOutputs('EventBusName').EventBusName?.Value;
    expect(name).toEqual({ Ref: Object.keys(full.findResources('AWS::Events::EventBus'))[0] });
    full.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/veriff-status-receiver/dev/event-bus-name',
      Value: name,
    });
  });
});
