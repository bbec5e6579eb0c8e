import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStackEvents,
  type Stack,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { isNoQueue } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { sqsClient } from '../../ops/sqs-client.ts';
import { findStage } from './account.ts';
import { STACK } from './deployments.ts';
import type { Step } from './step.ts';

const LIMIT_S = 15 * 60;
const POLL_MS = 5_000;

/** CloudFormation deletes a stack while it is made, but not while it is changed. */
const CHANGING = /^(UPDATE|ROLLBACK).*_IN_PROGRESS$/;

/** How a person removes what this could not. */
export const BY_HAND = `"aws cloudformation delete-stack --stack-name ${STACK}", then the queues that "aws sqs list-queues --queue-name-prefix ${STACK}-" still lists`;

/** Deletes the stack, and the queues that CloudFormation leaves when an update replaces them. */
export function removalStep(pollMs = POLL_MS): Step {
  return {
    claim: 'The stage is deleted, and nothing of it is left.',
    docs: 'README.md#deploy',
    run: async () => {
      const client = new CloudFormationClient(AWS_CLIENT);
      let stack: Stack | undefined;
      do {
        // What "cdk deploy" asked for just before it was ended may be under way.
        await sleep(pollMs);
        stack = await findStage(client);
      } while (CHANGING.test(stack?.StackStatus ?? ''));
      const StackName = stack?.StackId;
      if (StackName === undefined) return 'nothing was made';
      // What could not be deleted at first because something else used it often can be then.
      if (!(await isDeleted(client, StackName))) await isDeleted(client, StackName);
      const { gone, remaining } = await everMade(client, StackName);
      const queues = remaining.filter(({ type }) => type === 'AWS::SQS::Queue');
      for (const { id } of queues) await deleteQueue(id);
      const left = remaining.filter((resource) => !queues.includes(resource));
      assert(left.length === 0, `left: ${left.map(({ type, id }) => `${type} ${id}`).join(', ')}`);
      return `${gone + queues.length} resources gone; the KMS key goes in 7 days and costs nothing until then`;
    },
  };
}

async function isDeleted(client: CloudFormationClient, StackName: string): Promise<boolean> {
  await client.send(new DeleteStackCommand({ StackName }));
  const waiting = waitUntilStackDeleteComplete({ client, maxWaitTime: LIMIT_S }, { StackName });
  return waiting.then(
    () => true,
    () => false,
  );
}

/** All that the stack ever had, replaced resources included: how much is gone, and what remains. */
async function everMade(client: CloudFormationClient, StackName: string) {
  const made = new Map<string, { type: string; id: string; isDeleted: boolean }>();
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) {
    for (const { ResourceType: type = '', PhysicalResourceId: id = '', ResourceStatus } of StackEvents) {
      const isDeleted = made.get(`${type} ${id}`)?.isDeleted || ResourceStatus === 'DELETE_COMPLETE';
      if (id !== '') made.set(`${type} ${id}`, { type, id, isDeleted });
    }
  }
  const remaining = [...made.values()].filter(({ isDeleted }) => !isDeleted);
  return { gone: made.size - remaining.length, remaining };
}

async function deleteQueue(QueueUrl: string): Promise<void> {
  await sqsClient()
    .send(new DeleteQueueCommand({ QueueUrl }))
    .catch((error) => {
      if (!isNoQueue(error)) throw error;
    });
}
