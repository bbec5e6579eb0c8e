import type { Place } from '../../../tools/local/physical-ids.ts';

export const place: Place = {
  stackName: 'small',
  sqsEndpoint: 'http://127.0.0.1:3002',
  apiEndpoint: 'http://127.0.0.1:3000',
  functionEndpoints: { sqs: 'http://127.0.0.1:4002', secretsManager: 'http://127.0.0.1:4001' },
};

interface Change {
  readonly Resources?: Record<string, unknown>;
  readonly Outputs?: Record<string, unknown>;
}

/** The least template that the local stack can run: queues, secret, function, route and outputs. */
export function smallTemplate(change: Change = {}): object {
  return {
    Resources: {
      DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 180,
          SqsManagedSseEnabled: true,
          RedrivePolicy: {
            deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
            maxReceiveCount: 5,
          },
        },
      },
      Quarantine: { Type: 'AWS::SQS::Queue' },
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          GenerateSecretString: { SecretStringTemplate: '{}', GenerateStringKey: 'placeholder' },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'index.handler',
          Timeout: 2,
          MemorySize: 128,
          Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
          Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' }, SECRET_ID: { Ref: 'Secret' } } },
          LoggingConfig: { LogFormat: 'JSON' },
        },
      },
      Api: { Type: 'AWS::ApiGatewayV2::Api' },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: { PayloadFormatVersion: '2.0', IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] } },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          RouteKey: 'POST /hook',
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
        },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
        },
      },
      ...change.Resources,
    },
    Outputs: {
      WebhookUrl: { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, '/hook']] } },
      QueueUrl: { Value: { Ref: 'Queue' } },
      DeadLetterQueueUrl: { Value: { Ref: 'DeadLetters' } },
      QuarantineQueueUrl: { Value: { Ref: 'Quarantine' } },
      ...change.Outputs,
    },
  };
}
