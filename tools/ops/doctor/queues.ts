import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { isNoQueue } from '../../cli/failure.ts';
import { revertDrift } from '../stack.ts';
import { bad, type Examination, type Finding, good } from './finding.ts';

const OUTPUTS = {
  Queue: 'QueueUrl',
  Quarantine: 'QuarantineQueueUrl',
  'Dead letters': 'DeadLetterQueueUrl',
} as const;
type Name = keyof typeof OUTPUTS;

/** Those that someone is looking at are included. */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export async function checkQueue(examination: Examination, name: Name): Promise<void> {
  const { stack, queues, report } = examination;
  const url = stack.outputs[OUTPUTS[name]];
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: [...COUNTS, 'KmsMasterKeyId', 'SqsManagedSseEnabled'],
  });
  try {
    const { Attributes: { KmsMasterKeyId, SqsManagedSseEnabled, ...counts } = {} } =
      await stack.sqs.send(command);
    const count = COUNTS.reduce((sum, one) => sum + Number(counts[one] ?? 0), 0);
    report(judgeCount(name, count, stack.flags));
    queues.push({ url, KmsMasterKeyId, SqsManagedSseEnabled });
  } catch (error) {
    if (!isNoQueue(error)) throw error;
    // Deliveries need the other two only.
    const more = name === 'Dead letters' ? '' : ', see docs/runbook.md#deliveries-are-unavailable';
    const todo = `it was deleted: ${revertDrift(stack)}${more}`;
    report(bad(`${name}: expected ${url}, got no such queue`, todo));
  }
}

function judgeCount(name: Name, count: number, flags: string): Finding {
  switch (name) {
    case 'Queue':
      return good(`Queue: about ${count} waiting`);
    case 'Quarantine': {
      const look = `look at it with "npm run replay -- ${flags}", see docs/runbook.md#events-in-quarantine`;
      return count === 0 ? good('Quarantine: empty') : bad(`Quarantine: about ${count} set aside`, look);
    }
    case 'Dead letters':
      return count === 0
        ? good('Dead letters: none')
        : bad(`Dead letters: about ${count}`, 'see docs/runbook.md#events-in-the-dead-letter-queue');
  }
}
