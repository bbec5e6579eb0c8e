import type { LocalSqs } from '../sqs.ts';
import { clip } from './clip.ts';
import type { QueueContents, QueueMessage } from './protocol.ts';

const SHOWN = 50;

/** The newest messages that lie on a queue, received by nobody. */
export async function readQueue(sqs: LocalSqs, name: string): Promise<QueueContents> {
  const { ready, delayed, inflight } = (await sqs.inspect(name)).messages;
  type Lying = (typeof ready)[number];
  const show = (message: Lying, state: QueueMessage['state']): QueueMessage => ({
    id: message.messageId,
    sentAt: new Date(message.sentTimestamp).toISOString(),
    receives: message.approximateReceiveCount,
    state,
    attributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([key, { DataType, StringValue }]) => [
        key,
        clip(StringValue ?? `(${DataType})`, 2000),
      ]),
    ),
    body: clip(message.body),
  });
  const lying = [
    ...ready.map((message) => ({ message, state: 'ready' as const })),
    ...delayed.map((message) => ({ message, state: 'delayed' as const })),
    ...inflight.map(({ message }) => ({ message, state: 'in flight' as const })),
  ];
  const newest = lying.toSorted((a, b) => b.message.sentTimestamp - a.message.sentTimestamp);
  return {
    messages: newest.slice(0, SHOWN).map(({ message, state }) => show(message, state)),
    total: lying.length,
  };
}
