import * as v from 'valibot';
import { createProgress } from '../cli/progress.ts';
import type { LocalStack } from '../local/stack.ts';
import { replay } from '../ops/replay/run.ts';
import { ownQueue } from '../ops/replay/source.ts';
import { findStack } from '../ops/stack.ts';
import { clip } from './clip.ts';
import type { QueueKey } from './protocol.ts';

const SHOWN = 50;

/** How many messages lie on each queue, in flight and delayed ones included. */
export async function readDepths({ sqs, queues }: LocalStack) {
  return {
    main: await sqs.depth(queues.main.name),
    quarantine: await sqs.depth(queues.quarantine.name),
    deadLetter: await sqs.depth(queues.deadLetter.name),
  };
}

export type QueueMessage = Awaited<ReturnType<typeof readQueue>>[number];

/** The newest messages that lie on a queue, received by nobody. */
export async function readQueue({ sqs, queues }: LocalStack, key: QueueKey) {
  const { ready, inflight } = (await sqs.inspect(queues[key].name)).messages;
  const now = Date.now();
  const lying = [
    ...ready.map((message) => ({ message, receiptHandle: '', visibilityDeadline: 0 })),
    ...inflight,
  ];
  const newest = lying.toSorted((a, b) => b.message.sentTimestamp - a.message.sentTimestamp);
  return newest.slice(0, SHOWN).map(({ message, receiptHandle, visibilityDeadline }) => ({
    id: message.messageId,
    sentAt: new Date(message.sentTimestamp).toISOString(),
    receives: message.approximateReceiveCount,
    // Of a message in flight. The service makes one ready again only when somebody asks for a message.
    receiptHandle: visibilityDeadline > now ? receiptHandle : undefined,
    attributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, { DataType, StringValue }]) => [
        name,
        clip(StringValue ?? `(${DataType})`),
      ]),
    ),
    body: clip(message.body),
    /** `body` is all of it. */
    isWhole: clip(message.body) === message.body,
  }));
}

export type QueueAction = v.InferOutput<typeof order>['action'];

const order = v.object({
  /** The last two are for a message that was received. */
  action: v.picklist(['receive', 'fail', 'purge', 'replay', 'delete', 'return']),
  receiptHandle: v.optional(v.string()),
});
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
    case 'receive': {
      const count = await receive();
      return count === 0
        ? 'Nothing to receive.'
        : `${count} received: hidden until the visibility timeout ends, or deleted.`;
    }
    case 'fail': {
      const before = await sqs.depth(queues.deadLetter.name);
      // Received and given back until SQS has moved all of them; no other queue has one for dead letters.
      while ((await receive({ QueueUrl: queues.main.url, VisibilityTimeout: 0 })) > 0);
      const failed = (await sqs.depth(queues.deadLetter.name)) - before;
      const left = await sqs.depth(queues.main.name);
      return `${failed} failed, now dead letters.${left > 0 ? ` ${left} still there: in flight, or just arrived.` : ''}`;
    }
    case 'purge':
      await sqs.purge(QueueUrl);
      return 'Emptied.';
    case 'replay':
      return runReplay(stack, key);
    case 'delete':
      await sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
      return 'Deleted.';
    case 'return':
      await sqs.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      return 'Given back: it can be received again.';
  }
}

/** The answer is what `npm run replay -- --local --apply` prints of all messages together. */
async function runReplay({ url }: LocalStack, key: QueueKey): Promise<string> {
  const stack = await findStack({ localPort: Number(new URL(url).port) });
  const lines: string[] = [];
  await replay({
    stack,
    source: ownQueue(stack, key === 'quarantine' ? 'quarantine' : 'dead-letters'),
    action: 'apply',
    show: false,
    signal: new AbortController().signal,
    progress: createProgress({ write: () => true }),
    list: () => {},
    print: (text) => void lines.push(text),
  });
  return lines.join(' ');
}
