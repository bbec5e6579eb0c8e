import { describe, expect, test } from 'vitest';
import { arnOf, idOf, refTo, synthesize } from './synthesize.ts';

const dev = synthesize();
const prod = synthesize({ stage: 'prod' });

const HOLDING_DATA = [
  'Receiver/Queue',
  'Receiver/DeadLetterQueue',
  'Receiver/QuarantineQueue',
  'Receiver/Secret',
  'Receiver/FunctionLogs',
  'Receiver/AccessLogs',
];

function resource(path: string, { template } = dev) {
  return template.toJSON().Resources[idOf(template, path)];
}

describe('a stage', () => {
  test('names the stack, and what must have a name', () => {
    const { artifact, template } = synthesize({ stage: 'eu-2' });
    expect(artifact.stackName).toBe('veriff-status-receiver-eu-2');
    template.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'veriff-status-receiver-eu-2' });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'veriff-status-receiver-eu-2' });
  });

  test.each(HOLDING_DATA)('keeps its data when it is prod, unless its first deployment fails: %s', (path) => {
    expect(resource(path, prod)).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test.each(HOLDING_DATA)('leaves nothing behind when it is not prod: %s', (path) => {
    expect(resource(path)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('is protected from termination only when it is prod', () => {
    expect(prod.artifact.terminationProtection).toBe(true);
    expect(dev.artifact.terminationProtection).toBe(false);
  });

  test('is a tag of the stack, and so of all its resources', () => {
    expect(prod.artifact.tags).toEqual({ project: 'veriff-status-receiver', stage: 'prod' });
  });
});

describe('what people and other stacks find it by', () => {
  test.each([
    ['QueueUrl', refTo(dev.template, 'Receiver/Queue')],
    ['QueueArn', arnOf(dev.template, 'Receiver/Queue')],
    ['DeadLetterQueueUrl', refTo(dev.template, 'Receiver/DeadLetterQueue')],
    ['QuarantineQueueUrl', refTo(dev.template, 'Receiver/QuarantineQueue')],
    [
      'WebhookUrl',
      {
        'Fn::Join': [
          '',
          [
            { 'Fn::GetAtt': [idOf(dev.template, 'Receiver/Api'), 'ApiEndpoint'] },
            '/webhooks/veriff/user-statuses',
          ],
        ],
      },
    ],
  ])('prints %s', (name, value) => {
    dev.template.hasOutput(name, { Value: value });
  });

  test('prints these and no other outputs', () => {
    expect(Object.keys(dev.template.toJSON().Outputs).sort()).toEqual([
      'DeadLetterQueueUrl',
      'MetricsName',
      'NextStep',
      'PreviousSecretGraceHours',
      'QuarantineQueueUrl',
      'QueueArn',
      'QueueUrl',
      'SecretName',
      'SubscriberPolicyArn',
      'WebhookUrl',
    ]);
  });

  test('prints the command that stores the secret, with the key in no argument', () => {
    const outputs = dev.template.toJSON().Outputs;
    expect(outputs.NextStep.Value).toEqual({
      'Fn::Join': [
        '',
        [
          '(read -rs KEY && printf %s "$KEY" | aws secretsmanager put-secret-value --region ',
          { Ref: 'AWS::Region' },
          " --secret-id '",
          outputs.SecretName.Value,
          "' --secret-string file:///dev/stdin)",
        ],
      ],
    });
  });

  test.each([
    ['/veriff-status-receiver/prod/queue-url', refTo(prod.template, 'Receiver/Queue')],
    ['/veriff-status-receiver/prod/queue-arn', arnOf(prod.template, 'Receiver/Queue')],
  ])('stores the parameter %s', (name, value) => {
    prod.template.hasResourceProperties('AWS::SSM::Parameter', { Name: name, Type: 'String', Value: value });
  });
});
