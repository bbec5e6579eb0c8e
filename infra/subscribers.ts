import { AccountPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { decryptStatements } from './keys.ts';

/** What a subscriber does with a queue; `GetQueueUrl` is not among it, because the URL is published. */
const DRAIN = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
];

interface SubscribersOptions {
  readonly queue: Queue;
  /** The queue's ARN, made of its name: the queue waits for the policy when it is encrypted with a key. */
  readonly queueArn: string;
  readonly accounts: readonly string[];
  readonly keyArns: readonly string[];
}

/** A policy to attach to a subscriber's role here, and the queue's permission for other accounts. */
export function allowSubscribers(
  scope: Construct,
  { queue, queueArn, accounts, keyArns }: SubscribersOptions,
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
    // Never change this: a managed policy with another description is another policy, and CloudFormation can't delete
    // the one that is attached.
    description: "Lets a subscriber drain the queue of Veriff's user-defined statuses.",
    statements: [
      new PolicyStatement({ actions: DRAIN, resources: [queueArn] }),
      ...decryptStatements(keyArns),
    ],
  });
}
