import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { mainQueueName, queueArn } from './names.ts';
import { keepWhenReplaced } from './retention.ts';

interface QueuesOptions {
  readonly name: string;
  readonly fifo: boolean;
  readonly key: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** Order and deduplication within a message group, so that the groups do not share one limit. */
const HIGH_THROUGHPUT_FIFO = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
} satisfies QueueProps;

export function createQueues(scope: Construct, { name, fifo, key, removalPolicy }: QueuesOptions) {
  const common = {
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
    enforceSSL: true,
    // The most that SQS offers: it is the time people have to mend a subscriber.
    retentionPeriod: Duration.days(14),
    maxMessageSizeBytes: 1024 * 1024,
    removalPolicy,
    ...(fifo && HIGH_THROUGHPUT_FIFO),
  } satisfies QueueProps;
  const queueName = mainQueueName(scope, { name, fifo });

  // The two queues name each other, which CloudFormation calls a circular dependency. A name known beforehand
  // lets the dead-letter queue refer to the queue without waiting for it.
  const arnByName = queueArn(scope, queueName);

  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', {
    ...common,
    redriveAllowPolicy: {
      redrivePermission: RedrivePermission.BY_QUEUE,
      sourceQueues: [Queue.fromQueueArn(scope, 'QueueByName', arnByName)],
    },
  });
  // By default any queue of the account may name another as its dead-letter queue, and so get messages onto it that
  // nobody verified.
  const nobodysDeadLetters = { redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL } };
  const queue = new Queue(scope, 'Queue', {
    ...common,
    ...nobodysDeadLetters,
    queueName,
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 },
  });

  const quarantineQueue = new Queue(scope, 'QuarantineQueue', { ...common, ...nobodysDeadLetters });
  Validations.of(quarantineQueue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'Quarantine is where unusable events end up: people look at it and replay it, no program drains it.',
  });

  for (const each of [queue, deadLetterQueue, quarantineQueue]) keepWhenReplaced(each);
  return { queue, deadLetterQueue, quarantineQueue };
}
