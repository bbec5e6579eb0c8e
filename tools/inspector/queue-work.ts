import * as v from 'valibot';
import type { LocalStack } from '../local/stack.ts';
import { replay } from '../ops/replay/run.ts';
import { ownQueue } from '../ops/replay/source.ts';
import { findStack } from '../ops/stack.ts';
import { clip } from './clip.ts';
import { QUEUE_ACTIONS, type QueueKey, type QueueMessage, type QueueOrder } from './protocol.ts';

const SHOWN = 50;

/** The newest messages that lie on a queue, received by nobody. */
export async function readQueue(
  { sqs, queues }: LocalStack,
  key: QueueKey,
): Promise<readonly QueueMessage[]> {
  const { ready, delayed, inflight } = (await sqs.inspect(queues[key].name)).messages;
  const lying: Lying[] = [
    ...ready.map((message) => ({ message, state: 'ready' as const })),
    ...delayed.map((message) => ({ message, state: 'delayed' as const })),
    // The service makes a message ready again only when somebody asks for one.
    ...inflight.map(({ message, receiptHandle, visibilityDeadline }) =>
      visibilityDeadline <= Date.now()
        ? { message, state: 'ready' as const }
        : { message, state: 'in flight' as const, receiptHandle },
    ),
  ];
  const newest = lying.toSorted((a, b) => b.message.sentTimestamp - a.message.sentTimestamp);
  return newest.slice(0, SHOWN).map(show);
}

interface Lying extends Pick<QueueMessage, 'state' | 'receiptHandle'> {
  readonly message: Awaited<ReturnType<LocalStack['sqs']['inspect']>>['messages']['ready'][number];
}

function show({ message, ...state }: Lying): QueueMessage {
  const attributes = Object.entries(message.messageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    clip(StringValue ?? `(${DataType})`, 2000),
  ]);
  return {
    ...state,
    id: message.messageId,
    sentAt: new Date(message.sentTimestamp).toISOString(),
    receives: message.approximateReceiveCount,
    attributes: Object.fromEntries(attributes),
    body: clip(message.body),
  };
}

const order = v.object({
  action: v.picklist(QUEUE_ACTIONS),
  receiptHandle: v.optional(v.string()),
}) satisfies v.GenericSchema<unknown, QueueOrder>;
const received = v.object({ Messages: v.optional(v.array(v.unknown()), []) });

/** Does with a queue what a subscriber or an operator does; the answer is for a person. */
export async function workOn(stack: LocalStack, key: QueueKey, given: unknown): Promise<string> {
  const { sqs, queues } = stack;
  const QueueUrl = queues[key].url;
  const receive = async (parameters = {}) => {
    const asked = { QueueUrl, MaxNumberOfMessages: 10, ...parameters };
    return v.parse(received, await sqs.call('ReceiveMessage', asked)).Messages.length;
  };
  const { action, receiptHandle: ReceiptHandle } = v.parse(order, given);
  switch (action) {
    case 'receive':
      return `${await receive()} received: hidden until the visibility timeout ends, or deleted.`;
    case 'fail': {
      if (key !== 'main') throw new Error('expected the main queue: no other has a dead-letter queue');
      const before = await sqs.depth(queues.deadLetter.name);
      // Received and given back until SQS has moved all of them.
      while ((await receive({ VisibilityTimeout: 0 })) > 0);
      return `${(await sqs.depth(queues.deadLetter.name)) - before} failed, now dead letters.`;
    }
    case 'purge':
      await sqs.purge(QueueUrl);
      return 'Emptied.';
    case 'replay':
      return replayFrom(stack, key);
    case 'delete':
      await sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
      return 'Deleted.';
    case 'return':
      await sqs.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      return 'Given back: it can be received again.';
  }
}

/** What `npm run replay -- --local --apply` does; the answer is what that prints. */
async function replayFrom({ url }: LocalStack, key: QueueKey): Promise<string> {
  if (key === 'main')
    throw new Error('expected quarantine or dead letters: those on the queue need no replay');
  // Loaded on demand: the client takes longer to load than the rest of the page's server.
  const { sqsClient } = await import('../ops/sqs-client.ts');
  const stack = await findStack({ localPort: Number(new URL(url).port) });
  const client = sqsClient(stack.sqs);
  const printed: string[] = [];
  await replay({
    stack,
    source: ownQueue(stack, key === 'quarantine' ? key : 'dead-letters'),
    client,
    action: 'apply',
    show: false,
    signal: new AbortController().signal,
    progress: { show() {}, clear() {} },
    print: (line) => printed.push(line),
  }).finally(() => client.destroy());
  return printed.join('\n');
}
