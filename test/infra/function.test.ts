import { expect, test } from 'vitest';
import { arnOf, idOf, refTo, synthesize } from './synthesize.ts';

const { template } = synthesize({ previousSecretGraceHours: 48, logRetentionDays: 30 });

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

test('may write to the two queues, read the one secret, and write its own log and traces; nothing else', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  const granted = policies
    .flatMap<Statement>(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((resource) => JSON.stringify([Effect, action, resource, Condition])),
        ),
    );

  expect(granted.sort()).toEqual(
    [
      ['Allow', 'sqs:SendMessage', arnOf(template, 'Receiver/Queue')],
      ['Allow', 'sqs:SendMessage', arnOf(template, 'Receiver/QuarantineQueue')],
      ['Allow', 'secretsmanager:GetSecretValue', refTo(template, 'Receiver/Secret')],
      ['Allow', 'logs:CreateLogStream', arnOf(template, 'Receiver/FunctionLogs')],
      ['Allow', 'logs:PutLogEvents', arnOf(template, 'Receiver/FunctionLogs')],
      ['Allow', 'xray:PutTraceSegments', '*'],
      ['Allow', 'xray:PutTelemetryRecords', '*'],
    ]
      .map((grant) => JSON.stringify([...grant, undefined]))
      .sort(),
  );
});

test('runs under the one role of the stack, which has no managed policies and only Lambda may assume', () => {
  const roles = template.findResources('AWS::IAM::Role');
  const id = idOf(template, 'Receiver/FunctionRole');
  expect(Object.keys(roles)).toEqual([id]);
  expect(roles[id]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  expect(roles[id]?.Properties).not.toHaveProperty('Policies');
  expect(roles[id]?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
  ]);
  template.hasResourceProperties('AWS::Lambda::Function', { Role: arnOf(template, 'Receiver/FunctionRole') });
});

test('runs on Node 24 and arm64, is traced, and logs JSON to a group of its own', () => {
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: {
      LogFormat: 'JSON',
      SystemLogLevel: 'INFO',
      LogGroup: refTo(template, 'Receiver/FunctionLogs'),
    },
  });
});

test('has time left when the code has given its answer, at the latest after 4 s', () => {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(lambda?.Properties.Timeout).toBeGreaterThan(4);
});

test('finds in its environment what it has been allowed to use', () => {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(lambda?.Properties.Environment.Variables).toEqual({
    QUEUE_URL: refTo(template, 'Receiver/Queue'),
    QUARANTINE_QUEUE_URL: refTo(template, 'Receiver/QuarantineQueue'),
    SECRET_ID: refTo(template, 'Receiver/Secret'),
    PREVIOUS_SECRET_GRACE_HOURS: '48',
    POWERTOOLS_SERVICE_NAME: 'veriff-status-receiver-dev',
    POWERTOOLS_METRICS_NAMESPACE: 'VeriffStatusReceiver',
  });
});

test('keeps its log and the access log for as many days as configured, and makes no other', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30]);
});
