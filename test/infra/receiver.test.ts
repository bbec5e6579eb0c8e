import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReceiverProps } from '../../infra/options.ts';
import { Receiver } from '../../infra/receiver.ts';
import { resolved } from './receiver-template.ts';
import { synthesize } from './synthesize.ts';

const outdir = mkdtempSync(join(tmpdir(), 'receiver-'));
afterAll(() => rmSync(outdir, { recursive: true }));

let template: Template;

beforeAll(() => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir });
  const stack = new Stack(app, 'Somebody-elses-stack');
  const eu = new Receiver(stack, 'Eu');
  const us = new Receiver(stack, 'Us', {
    name: 'statuses-us',
    previousSecretGraceHours: 1,
    throttleRate: 1,
    throttleBurst: 2,
    logRetentionDays: 7,
    retain: true,
  });
  for (const [region, receiver] of Object.entries({ Eu: eu, Us: us })) {
    const { url, queue, deadLetterQueue, quarantineQueue, secret, function: lambda, api } = receiver;
    const arns = [queue.queueArn, deadLetterQueue.queueArn, quarantineQueue.queueArn, secret.secretArn];
    new CfnOutput(stack, `Parts${region}`, {
      value: [url, ...arns, lambda.functionArn, api.apiId].join(' '),
    });
  }
  for (const receiver of [eu, us]) receiver.addOutputs();
  template = Template.fromStack(stack);
});

test('works twice in one stack of another app, each with everything of its own', () => {
  template.resourceCountIs('AWS::ApiGatewayV2::Route', 2);
  template.resourceCountIs('AWS::Lambda::Function', 2);
  template.resourceCountIs('AWS::SecretsManager::Secret', 2);
  template.resourceCountIs('AWS::SQS::Queue', 6);
});

test('takes its name from its path, or the one it is given', () => {
  const queues = Object.values(template.findResources('AWS::SQS::Queue'));
  const names = queues.map(({ Properties }) => Properties.QueueName).filter((name) => name !== undefined);
  expect(resolved(names)).toEqual([
    expect.stringMatching(/^Somebody-elses-stack-Eu/),
    expect.stringMatching(/^statuses-us-[0-9a-f]{8}$/),
  ]);
});

test('puts out for each receiver what a stage puts out, with its path in front', () => {
  const names = (all: object, prefix: string) =>
    Object.keys(all)
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  const { Outputs: outputs } = template.toJSON();
  const ofStage = names(synthesize().template.toJSON().Outputs, '');
  expect(names(outputs, 'Eu')).toEqual(ofStage);
  expect(names(outputs, 'Us')).toEqual(ofStage);
  template.hasOutput('UsMetricsName', { Value: 'statuses-us' });
  template.hasOutput('UsPreviousSecretGraceHours', { Value: '1' });
});

test('has the defaults of a stage', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ PREVIOUS_SECRET_GRACE_HOURS: '24' }) },
  });
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 90 },
    DeletionPolicy: 'Delete',
  });
  template.hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
  template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
});

test('does as its properties say', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    DefaultRouteSettings: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        PREVIOUS_SECRET_GRACE_HOURS: '1',
        METRICS_SERVICE: 'statuses-us',
      }),
    },
  });
  template.hasResource('AWS::Logs::LogGroup', {
    Properties: { RetentionInDays: 7 },
    DeletionPolicy: 'RetainExceptOnCreate',
  });
});

test('says a sentence for each wrong property, for which the CLI deploys nothing and prints no stack trace', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir: join(outdir, 'wrong') });
  const stack = new Stack(app, 'Stack');
  const props: ReceiverProps = JSON.parse(
    '{ "throttleRate": "fast", "secretArn": "arn:aws:secretsmanager:…" }',
  );
  new Receiver(stack, 'Receiver', props);
  const said = Annotations.fromStack(stack).findError('*', Match.anyValue());
  expect(said.map(({ id, entry }) => [id, entry.data])).toEqual([
    [
      '/Stack/Receiver',
      'throttleRate is "fast", but it must be a whole number from 1 to 10000 (requests a second).',
    ],
    ['/Stack/Receiver', 'secretArn is not an option: the type ReceiverProps lists all options.'],
  ]);
});
