import { describe, expect, test } from 'vitest';
import { planStack } from '../../../tools/local/template.ts';
import { place, smallTemplate } from './small-template.ts';

const plan = (change: Parameters<typeof smallTemplate>[0] = {}) => planStack(smallTemplate(change), place);

test('gives each queue the URL, the ARN and the attributes that CreateQueue takes', () => {
  const [deadLetters, queue] = plan().queues;
  expect(deadLetters).toEqual({
    name: 'small-DeadLetters',
    url: 'http://127.0.0.1:3002/000000000000/small-DeadLetters',
    arn: 'arn:aws:sqs:us-east-1:000000000000:small-DeadLetters',
    attributes: { MessageRetentionPeriod: '1209600' },
  });
  expect(queue?.attributes).toEqual({
    VisibilityTimeout: '180',
    SqsManagedSseEnabled: 'true',
    RedrivePolicy:
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:small-DeadLetters","maxReceiveCount":5}',
  });
});

test('gives a FIFO queue without a name one that ends in .fifo', () => {
  const fifo = { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } };
  expect(plan({ Resources: { Fifo: fifo } }).queues.at(-1)?.name).toBe('small-Fifo.fifo');
});

test('keeps the name that the template gives a queue, with its FIFO attributes', () => {
  const fifo = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'a.fifo', FifoQueue: true } };
  const queue = plan({ Resources: { Fifo: fifo } }).queues.find(({ name }) => name === 'a.fifo');
  expect(queue?.attributes).toEqual({ FifoQueue: 'true' });
});

test('takes the placeholder of the secret from the template', () => {
  expect(plan().secret).toEqual({
    name: 'Secret-Local',
    arn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Secret-Local-Local0',
    placeholder: 'placeholder',
  });
});

test('an existing secret keeps its whole name, also when six characters stand after its last hyphen', () => {
  const existing = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Timeout: 2,
      MemorySize: 128,
      Code: { S3Key: 'code.zip' },
      Environment: { Variables: { SECRET_ID: 'prod-veriff' } },
      LoggingConfig: { LogFormat: 'JSON' },
    },
  };
  expect(plan({ Resources: { Function: existing } }).secret).toMatchObject({
    name: 'prod-veriff',
    arn: expect.stringContaining(':secret:prod-veriff-'),
  });
});

test('takes handler, limits, environment and code of the function that the route calls', () => {
  expect(plan().function).toEqual({
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:small-Function',
    handler: 'index.handler',
    timeoutMs: 2000,
    memoryMb: 128,
    variables: expect.objectContaining({
      AWS_LAMBDA_FUNCTION_NAME: 'small-Function',
      QUEUE_URL: 'http://127.0.0.1:3002/000000000000/small-Queue',
      SECRET_ID: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Secret-Local-Local0',
      AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:4002',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:4001',
    }),
    codeKey: 'code.zip',
  });
});

test('takes method, path and throttling of the route', () => {
  expect(plan().route).toEqual({
    method: 'POST',
    path: '/hook',
    stage: '$default',
    throttle: { rate: 50, burst: 100 },
  });
});

describe('intrinsic functions', () => {
  const output = (Value: unknown) => plan({ Outputs: { X: { Value } } }).outputs.X;

  test.each<[string, unknown, string]>([
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:small-Queue'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }]] }, 'a-aws'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
  ])('works out %s', (_name, value, expected) => {
    expect(output(value)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ['an intrinsic it does not know', { 'Fn::ImportValue': 'x' }],
    ['a reference to nothing', { Ref: 'Nobody' }],
    ['an attribute it does not know', { 'Fn::GetAtt': ['Queue', 'Colour'] }],
    ['an item beyond the list', { 'Fn::Select': [3, ['a']] }],
    ['an object where a text belongs', { a: 1 }],
  ])('refuses %s, shows it and says where it stands', (_name, value) => {
    expect(() => output(value)).toThrow(`Outputs.X.Value: expected a text, got ${JSON.stringify(value)}`);
  });

  test('refuses an attribute of a queue that it cannot work out', () => {
    const Q = { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: { Ref: 'Nobody' } } };
    expect(() => plan({ Resources: { Q } })).toThrow('Q.DelaySeconds');
  });
});

test('refuses a function that does not log JSON, which the local runtime always does', () => {
  const Properties = {
    Handler: 'index.handler',
    Timeout: 2,
    MemorySize: 128,
    Code: { S3Key: 'code.zip' },
    Environment: { Variables: {} },
    LoggingConfig: { LogFormat: 'Text' },
  };
  expect(() => plan({ Resources: { Function: { Type: 'AWS::Lambda::Function', Properties } } })).toThrow(
    'Function.LoggingConfig.LogFormat: expected JSON',
  );
});

test('refuses a payload format that the local gateway does not speak', () => {
  const Integration = {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { PayloadFormatVersion: '1.0', IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] } },
  };
  expect(() => plan({ Resources: { Integration } })).toThrow('Integration.PayloadFormatVersion');
});

test('refuses a route with path variables', () => {
  const Route = {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { RouteKey: 'POST /{any}', Target: 'integrations/Integration' },
  };
  expect(() => plan({ Resources: { Route } })).toThrow('expected a route "METHOD /path"');
});
