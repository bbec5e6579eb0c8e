import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ReceiverEnv } from '../functions/receiver/config.ts';
import { METRICS_NAMESPACE } from './metrics.ts';
import type { Receiver } from './receiver.ts';
import { receiverCode } from './receiver-code.ts';
import type { Settings } from './settings.ts';
import { addressesOf } from './sources.ts';

const MEMORY_MB = 512;

export function createFunction(
  scope: Construct,
  settings: Settings,
  secret: { readonly id: string; readonly resource: string },
  queues: Pick<Receiver, 'queue' | 'quarantineQueue'>,
): LambdaFunction {
  const logGroup = new LogGroup(scope, 'FunctionLogs', {
    retention: settings.logRetentionDays,
    removalPolicy: settings.removalPolicy,
  });

  // No grant…() methods and no managed policy for logs, because they allow more: reading a queue's attributes, describing
  // the secret, and writing to every log group of the account.
  const role = new Role(scope, 'FunctionRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }));
  allow(['sqs:SendMessage'], [queues.queue.queueArn, queues.quarantineQueue.queueArn]);
  allow(['secretsmanager:GetSecretValue'], [secret.resource]);
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  if (settings.tracing) {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments and xray:PutTelemetryRecords do not support resource-level permissions, only *.',
    });
  }

  return new LambdaFunction(scope, 'Function', {
    description: "Puts Veriff's user-defined statuses on a queue.",
    code: receiverCode(),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: MEMORY_MB,
    // Longer than the 4 s within which the code always responds, so that the timeout never ends a delivery.
    timeout: Duration.seconds(10),
    role,
    tracing: settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // INFO includes one platform.report for each delivery: duration, memory used, cold start. WARN would drop it.
    systemLogLevelV2: SystemLogLevel.INFO,
    environment: {
      QUEUE_URL: queues.queue.queueUrl,
      QUARANTINE_QUEUE_URL: queues.quarantineQueue.queueUrl,
      SECRET_ID: secret.id,
      PREVIOUS_SECRET_GRACE_HOURS: String(settings.previousSecretGraceHours),
      ALLOWED_SOURCES: addressesOf(settings.allowedSources).join(','),
      TRACING: settings.tracing ? 'on' : 'off',
      METRICS_SERVICE: settings.name,
      METRICS_NAMESPACE,
    } satisfies ReceiverEnv,
  });
}
