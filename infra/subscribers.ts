import { AccountPrincipal, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { decryptStatements } from './kms-keys.ts';
import type { Settings } from './settings.ts';

/** The SQS actions of a subscriber. `GetQueueUrl` is not needed, because the stack publishes the URL. */
const DRAIN = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
];

/** Creates a policy for subscribers' roles in this account, and lets other accounts drain the queue. */
export function allowSubscribers(
  scope: Construct,
  { subscriberAccounts: accounts, queueArn, keyArns }: Settings,
  queue: Queue,
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
    // Never change the description: CloudFormation would replace the policy, and cannot delete the old one while it is
    // attached to a role.
    description: "Lets a subscriber drain the queue of Veriff's user-defined statuses.",
    statements: [
      new PolicyStatement({ actions: DRAIN, resources: [queueArn] }),
      ...decryptStatements(keyArns),
    ],
  });
}
