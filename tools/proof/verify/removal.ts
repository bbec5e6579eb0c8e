import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  type Stack,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { isNoStack } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { sqsClient } from '../../ops/sqs-client.ts';
import { isThere } from './lookups.ts';
import { STACK } from './stages.ts';
import { hold, type Step } from './step.ts';

const LIMIT_S = 15 * 60;

interface Patience {
  readonly pollMs: number;
  /** SQS goes on answering for a queue for a minute after it was deleted. */
  readonly goneMs: number;
}

const PATIENCE: Patience = { pollMs: 5_000, goneMs: 120_000 };

/** CloudFormation deletes a stack while it is made, but not while it is changed. */
const CHANGING = /^(UPDATE|ROLLBACK).*_IN_PROGRESS$/;

interface Resource {
  readonly type: string;
  readonly id: string;
  /** As CloudFormation says. */
  isDeleted: boolean;
}

/** How a person removes what this could not. */
export const BY_HAND = `"aws cloudformation delete-stack --stack-name ${STACK}", then the queues that "aws sqs list-queues --queue-name-prefix ${STACK}-" still lists`;

/** The stack, unless there is none. */
export async function findStage(client: CloudFormationClient): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
    return stack;
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/** Deletes the stack and what an update that replaced it left, and looks whether anything is there still. */
export function removalStep({ pollMs, goneMs }: Patience = PATIENCE): Step {
  return {
    claim: 'The stage is deleted, and nothing of it is left.',
    docs: 'README.md#deploy',
    run: async () => {
      const client = new CloudFormationClient(AWS_CLIENT);
      // What "cdk deploy" asked for just before it was ended may be under way.
      await sleep(pollMs);
      let stack = await findStage(client);
      while (CHANGING.test(stack?.StackStatus ?? '')) {
        await sleep(pollMs);
        stack = await findStage(client);
      }
      const StackName = stack?.StackId;
      if (StackName === undefined) return 'nothing was made';
      // What could not be deleted at first because something else used it often can be then.
      if (!(await isDeleted(client, StackName))) await isDeleted(client, StackName);
      const resources = await everMade(client, StackName);
      const left = await remove(resources, { pollMs, goneMs });
      hold(left.length === 0, `left: ${left.join(', ')}`);
      return `${resources.length} resources gone; the KMS key goes in 7 days and costs nothing until then`;
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

/** All that the stack ever had, replaced resources included. */
async function everMade(client: CloudFormationClient, StackName: string): Promise<readonly Resource[]> {
  const made = new Map<string, Resource>();
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) {
    for (const { ResourceType: type = '', PhysicalResourceId: id = '', ResourceStatus } of StackEvents) {
      const resource = made.get(`${type} ${id}`) ?? { type, id, isDeleted: false };
      resource.isDeleted ||= ResourceStatus === 'DELETE_COMPLETE';
      if (id !== '') made.set(`${type} ${id}`, resource);
    }
  }
  return [...made.values()];
}

/** @returns what is there still */
async function remove(
  resources: readonly Resource[],
  { pollMs, goneMs }: Patience,
): Promise<readonly string[]> {
  const sqs = sqsClient();
  for (const { type, id } of resources) {
    // An update that replaces a queue leaves the old one.
    if (type === 'AWS::SQS::Queue' && (await isThere(type, id))) {
      await sqs.send(new DeleteQueueCommand({ QueueUrl: id }));
    }
  }
  let left = resources;
  for (const endsAt = Date.now() + goneMs; ; await sleep(pollMs)) {
    const found = await Promise.all(left.map(isLeft));
    left = left.filter((_, index) => found[index]);
    if (left.length === 0 || Date.now() > endsAt) return left.map(({ type, id }) => `${type} ${id}`);
  }
}

async function isLeft({ type, id, isDeleted }: Resource): Promise<boolean> {
  return (await isThere(type, id)) ?? !isDeleted;
}
