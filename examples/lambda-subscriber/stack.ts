import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, EventSourceMapping, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { SubscriberEnv } from './handler.ts';

export interface SubscriberStackProps extends StackProps {
  /** The receiver's stage: its parameters are under /veriff-status-receiver/<stage>. */
  readonly stage: string;
}

/** A function that drains the receiver's queue, and the two tables it needs. */
export class SubscriberStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: SubscriberStackProps) {
    super(scope, id, props);
    const published = (name: string) =>
      StringParameter.valueForStringParameter(this, `/veriff-status-receiver/${stage}/${name}`);

    const statuses = new Table(this, 'Statuses', {
      partitionKey: { name: 'attemptId', type: AttributeType.STRING },
      sortKey: { name: 'position', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Names of Powertools.
    const idempotency = new Table(this, 'Idempotency', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [
        ManagedPolicy.fromManagedPolicyArn(this, 'DrainQueue', published('subscriber-policy-arn')),
      ],
    });
    const allow = (actions: string[], resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
    allow(['dynamodb:PutItem', 'dynamodb:UpdateItem'], statuses.tableArn);
    allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      idempotency.tableArn,
    );
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);

    const subscriber = new NodejsFunction(this, 'Function', {
      description: "Handles Veriff's user-defined statuses.",
      entry: inProject('examples/lambda-subscriber/handler.ts'),
      projectRoot: inProject('.'),
      depsLockFilePath: inProject('package-lock.json'),
      bundling: {
        target: 'node24',
        bundleAwsSDK: true,
        logLevel: LogLevel.WARNING,
      },
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      // A sixth of the queue's visibility timeout (180 s), as AWS advises.
      timeout: Duration.seconds(30),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: {
        STATUSES_TABLE: statuses.tableName,
        IDEMPOTENCY_TABLE: idempotency.tableName,
        POWERTOOLS_SERVICE_NAME: id,
      } satisfies SubscriberEnv,
    });
    // Lambda tries the role's permissions on the queue when it makes the mapping.
    const mapping = new EventSourceMapping(this, 'Queue', {
      target: subscriber,
      eventSourceArn: published('queue-arn'),
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(role);
  }
}

function inProject(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
