import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStackEvents,
  type Stack,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { isNoQueue, sentenceOf } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { sqsClient } from '../../ops/sqs-client.ts';
import { describeStack } from '../../ops/stack.ts';
import type { Row } from './page.ts';
import { STACK } from './place.ts';

const LIMIT_S = 15 * 60;
const POLL_MS = 5_000;

/** CloudFormation deletes a stack while it is made, but not while it is changed. */
const CHANGING = /^(UPDATE|ROLLBACK).*_IN_PROGRESS$/;

/** How a person removes what this could not. */
export const BY_HAND = `"aws cloudformation delete-stack --stack-name ${STACK}", then the queues that "aws sqs list-queues --queue-name-prefix ${STACK}-" still lists`;

/** Deletes the stack, and the queues that CloudFormation leaves when an update replaces them. */
export async function removeStage(pollMs = POLL_MS): Promise<Row> {
  const row = {
    claim: 'The stage is deleted, and nothing of it is left.',
    docs: 'README.md#deploy',
    isOfAws: false,
  };
  try {
    return { ...row, ...(await remove(pollMs)) };
  } catch (error) {
    return { ...row, result: 'open', seen: sentenceOf(error) };
  }
}

async function remove(pollMs: number): Promise<Pick<Row, 'result' | 'seen'>> {
  const client = new CloudFormationClient(AWS_CLIENT);
  let stack: Stack | undefined;
  do {
    // What "cdk deploy" asked for just before it was ended may be under way.
    await sleep(pollMs);
    stack = await describeStack(client, STACK);
  } while (CHANGING.test(stack?.StackStatus ?? ''));
  const StackName = stack?.StackId;
  if (StackName === undefined) return { result: 'confirmed', seen: 'nothing was made' };
  // What could not be deleted at first because something else used it often can be then.
  if (!(await isDeleted(client, StackName))) await isDeleted(client, StackName);
  const { gone, remaining } = await everMade(client, StackName);
  const queues = remaining.filter(({ type }) => type === 'AWS::SQS::Queue');
  for (const { id } of queues) await deleteQueue(id);
  const left = remaining.filter((resource) => !queues.includes(resource));
  if (left.length > 0) {
    return { result: 'refuted', seen: `left: ${left.map(({ type, id }) => `${type} ${id}`).join(', ')}` };
  }
  const seen = `${gone + queues.length} resources gone; the KMS key goes in 7 days and costs nothing until then`;
  return { result: 'confirmed', seen };
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
