import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ReceiverEnv } from '../functions/receiver/config.ts';
import { METRICS_NAMESPACE } from './metrics.ts';
import { receiverCode } from './receiver-code.ts';
import { keepWhenReplaced } from './retention.ts';
import type { SharedSecret } from './secret.ts';

const MEMORY_MB = 512;

// Longer than the 4 s within which the code always responds, so that the timeout never ends a delivery.
const TIMEOUT = Duration.seconds(10);

interface ReceiverFunctionOptions {
  readonly queue: IQueue;
  readonly quarantineQueue: IQueue;
  readonly sharedSecret: SharedSecret;
  readonly previousSecretGraceHours: number;
  readonly allowedSources: readonly string[];
  readonly tracing: boolean;
  readonly name: string;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export function createFunction(scope: Construct, options: ReceiverFunctionOptions): LambdaFunction {
  const logGroup = new LogGroup(scope, 'FunctionLogs', {
    retention: options.logRetention,
    removalPolicy: options.removalPolicy,
  });
  keepWhenReplaced(logGroup);

  return new LambdaFunction(scope, 'Function', {
    description: "Puts Veriff's user-defined statuses on a queue.",
    code: receiverCode(),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: MEMORY_MB,
    timeout: TIMEOUT,
    role: createRole(scope, logGroup, options),
    tracing: options.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // INFO includes one platform.report for each delivery: duration, memory used, cold start. WARN would drop it.
    systemLogLevelV2: SystemLogLevel.INFO,
    environment: {
      QUEUE_URL: options.queue.queueUrl,
      QUARANTINE_QUEUE_URL: options.quarantineQueue.queueUrl,
      SECRET_ID: options.sharedSecret.id,
      PREVIOUS_SECRET_GRACE_HOURS: String(options.previousSecretGraceHours),
      ALLOWED_SOURCES: options.allowedSources.join(','),
      TRACING: options.tracing ? 'on' : 'off',
      METRICS_SERVICE: options.name,
      METRICS_NAMESPACE: METRICS_NAMESPACE,
    } satisfies ReceiverEnv,
  });
}

// No grant…() methods and no managed policy for logs, because they allow more: reading a queue's attributes, describing
// the secret, and writing to every log group of the account.
function createRole(scope: Construct, logGroup: LogGroup, options: ReceiverFunctionOptions): Role {
  const role = new Role(scope, 'FunctionRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }));

  allow(['sqs:SendMessage'], [options.queue.queueArn, options.quarantineQueue.queueArn]);
  allow(['secretsmanager:GetSecretValue'], [options.sharedSecret.resource]);
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);

  if (options.tracing) {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments and xray:PutTelemetryRecords do not support resource-level permissions, only *.',
    });
  }
  return role;
}
