import { describe, expect, test } from 'vitest';
import { storeKeyCommand } from '../../infra/next-step.ts';
import { resolved } from './receiver-template.ts';
import { arnOf, idOf, refTo, synthesize } from './synthesize.ts';

const dev = synthesize();
const retained = synthesize({ retain: true });

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
    const { artifact, template } = synthesize({}, 'eu-2');
    expect(artifact.stackName).toBe('veriff-status-receiver-eu-2');
    const { QueueName: name } = resource('Receiver/Queue', { artifact, template }).Properties;
    expect(resolved(name)).toBe('veriff-status-receiver-eu-2-5ccc1230');
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { Name: 'veriff-status-receiver-eu-2' });
  });

  test.each(HOLDING_DATA)(
    'keeps its data with the option retain, unless its first deployment fails: %s',
    (path) => {
      expect(resource(path, retained)).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    },
  );

  test.each(HOLDING_DATA)('leaves nothing behind without it, whatever its name: %s', (path) => {
    expect(resource(path, synthesize({}, 'prod'))).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('is protected from termination only with the option retain', () => {
    expect(retained.artifact.terminationProtection).toBe(true);
    expect(synthesize({}, 'prod').artifact.terminationProtection).toBe(false);
  });

  test('is a tag of the stack, and so of all its resources', () => {
    expect(dev.artifact.tags).toEqual({ project: 'veriff-status-receiver', stage: 'dev' });
  });
});

test('the dashboard has no tags of its own, which not every Region takes', () => {
  const { template } = synthesize({ dashboard: true });
  expect(resource('Receiver/Dashboard', { ...dev, template }).Properties).not.toHaveProperty('Tags');
  expect(resource('Receiver/Queue', { ...dev, template }).Properties).toHaveProperty('Tags');
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

  test('prints the command that stores the key in this secret', () => {
    const outputs = dev.template.toJSON().Outputs;
    const [before, after] = storeKeyCommand('NAME', 'REGION').split(/REGION/);
    expect(outputs.NextStep.Value).toEqual({
      'Fn::Join': [
        '',
        [
          before,
          { Ref: 'AWS::Region' },
          after?.split('NAME')[0],
          outputs.SecretName.Value,
          after?.split('NAME')[1],
        ],
      ],
    });
  });

  test.each([
    ['/veriff-status-receiver/dev/queue-url', refTo(dev.template, 'Receiver/Queue')],
    ['/veriff-status-receiver/dev/queue-arn', arnOf(dev.template, 'Receiver/Queue')],
  ])('stores the parameter %s', (name, value) => {
    dev.template.hasResourceProperties('AWS::SSM::Parameter', { Name: name, Type: 'String', Value: value });
  });
});
