import { Duration, Validations } from 'aws-cdk-lib';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

/** SQS's high throughput mode: order, deduplication and the throughput limit apply to each message group. */
const HIGH_THROUGHPUT_FIFO = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
} satisfies QueueProps;

export function createQueues(scope: Construct, { key, fifo, removalPolicy, queueName, queueArn }: Settings) {
  const common = {
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
    enforceSSL: true,
    // SQS's maximum: people have this long to repair a subscriber.
    retentionPeriod: Duration.days(14),
    maxMessageSizeBytes: 1024 * 1024,
    removalPolicy,
    ...(fifo && HIGH_THROUGHPUT_FIFO),
  } satisfies QueueProps;

  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', {
    ...common,
    redriveAllowPolicy: {
      redrivePermission: RedrivePermission.BY_QUEUE,
      // Not the queue itself: the two queues refer to each other, and CloudFormation allows no circular dependency.
      sourceQueues: [Queue.fromQueueArn(scope, 'QueueByName', queueArn)],
    },
  });
  // By default, any queue of the account can use these queues as its dead-letter queue, and so put messages on them that
  // the receiver did not verify.
  const noDeadLetterSources = { redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL } };
  const queue = new Queue(scope, 'Queue', {
    ...common,
    ...noDeadLetterSources,
    queueName,
    // Six times the 30 s that a Lambda subscriber may take, as AWS recommends.
    visibilityTimeout: Duration.seconds(180),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 },
  });

  const quarantineQueue = new Queue(scope, 'QuarantineQueue', { ...common, ...noDeadLetterSources });
  Validations.of(quarantineQueue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'Only the tools of operators receive messages in quarantine, so no consumer can fail repeatedly.',
  });

  return { queue, deadLetterQueue, quarantineQueue };
}
