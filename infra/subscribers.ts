import { AccountPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What a subscriber does with a queue; `GetQueueUrl` is not among it, because the URL is published. */
const DRAIN = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
];

interface SubscribersOptions {
  readonly queue: Queue;
  readonly accounts: readonly string[];
  readonly kmsKeyArn: string | undefined;
}

/** A policy to attach to a subscriber's role here, and the queue's permission for other accounts. */
export function allowSubscribers(
  scope: Construct,
  { queue, accounts, kmsKeyArn }: SubscribersOptions,
): ManagedPolicy {
  if (accounts.length > 0) {
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'SubscriberAccounts',
        principals: accounts.map((account) => new AccountPrincipal(account)),
        actions: DRAIN,
        resources: [queue.queueArn],
      }),
    );
  }
  return new ManagedPolicy(scope, 'SubscriberPolicy', {
    description: "Lets a subscriber drain the queue of Veriff's user-defined statuses.",
    statements: [
      new PolicyStatement({ actions: DRAIN, resources: [queue.queueArn] }),
      ...(kmsKeyArn === undefined
        ? []
        : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [kmsKeyArn] })]),
    ],
  });
}
