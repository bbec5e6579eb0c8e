import { Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

interface QueuesOptions {
  readonly name: string;
  readonly removalPolicy: RemovalPolicy;
}

export function createQueues(scope: Construct, { name, removalPolicy }: QueuesOptions) {
  const common = {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // The most that SQS offers: it is the time people have to mend a subscriber.
    retentionPeriod: Duration.days(14),
    maxMessageSizeBytes: 1024 * 1024,
    removalPolicy,
  } satisfies QueueProps;

  // The two queues name each other, which CloudFormation calls a circular dependency. A name known beforehand
  // lets the dead-letter queue refer to the queue without waiting for it.
  const queueArn = Stack.of(scope).formatArn({ service: 'sqs', resource: name });

  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', {
    ...common,
    redriveAllowPolicy: {
      redrivePermission: RedrivePermission.BY_QUEUE,
      sourceQueues: [Queue.fromQueueArn(scope, 'QueueByName', queueArn)],
    },
  });
  const queue = new Queue(scope, 'Queue', {
    ...common,
    queueName: name,
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 },
  });

  const quarantineQueue = new Queue(scope, 'QuarantineQueue', common);
  Validations.of(quarantineQueue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'Quarantine is where unusable events end up: people look at it and replay it, no program drains it.',
  });

  return { queue, deadLetterQueue, quarantineQueue };
}
