import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isNoQueue } from '../../cli/failure.ts';
import { revertDrift } from '../drift.ts';
import type { Stack } from '../stack.ts';
import { bad, type Finding, good } from './finding.ts';

export async function checkQueue(client: SQSClient, stack: Stack): Promise<Finding> {
  const found = await count(client, stack.outputs.QueueUrl);
  return found === undefined
    ? gone('Queue', stack.outputs.QueueUrl, stack)
    : good(`Queue: about ${found} waiting`);
}

export async function checkQuarantine(
  client: SQSClient,
  stack: Stack,
  flags: string,
): Promise<{ finding: Finding; isThere: boolean }> {
  const found = await count(client, stack.outputs.QuarantineQueueUrl);
  if (found === undefined)
    return { finding: gone('Quarantine', stack.outputs.QuarantineQueueUrl, stack), isThere: false };
  const look = `look at it with "npm run replay -- ${flags}", see docs/runbook.md#events-in-quarantine`;
  const finding = found === 0 ? good('Quarantine: empty') : bad(`Quarantine: about ${found} set aside`, look);
  return { finding, isThere: true };
}

export async function checkDeadLetters(client: SQSClient, stack: Stack): Promise<Finding> {
  const found = await count(client, stack.outputs.DeadLetterQueueUrl);
  if (found === undefined) return gone('Dead letters', stack.outputs.DeadLetterQueueUrl, stack);
  return found === 0
    ? good('Dead letters: none')
    : bad(`Dead letters: about ${found}`, 'see docs/runbook.md#events-in-the-dead-letter-queue');
}

/** About how many it holds, those that someone is looking at included; undefined: there is no such queue. */
async function count(client: SQSClient, QueueUrl: string): Promise<number | undefined> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ],
  });
  try {
    const { Attributes = {} } = await client.send(command);
    return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
  } catch (error) {
    if (isNoQueue(error)) return undefined;
    throw error;
  }
}

function gone(what: string, url: string, { name }: Stack): Finding {
  return bad(
    `${what}: expected ${url}, got no such queue`,
    `it was deleted: ${revertDrift(name)}, see docs/runbook.md#deliveries-are-unavailable`,
  );
}
