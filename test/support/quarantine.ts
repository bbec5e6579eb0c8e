import { SQSClient } from '@aws-sdk/client-sqs';
import { createQueues } from '../../functions/receiver/queue.ts';
import type { Quarantined } from '../../functions/receiver/receive.ts';
import { localClient } from '../../tools/local/addresses.ts';
import type { LocalStack } from '../../tools/local/stack.ts';
import { plain } from './messages.ts';

export const RECEIVED_AT = new Date('2026-11-20T10:00:00.123Z');

export function sqsClient({ sqsEndpoint }: LocalStack): SQSClient {
  return new SQSClient(localClient(sqsEndpoint));
}

/**
 * Puts a body into quarantine as a receiver of another day would have done: today's would accept it, or would give
 * other problems.
 */
export async function setAside(
  stack: LocalStack,
  body: string | Uint8Array,
  why: Partial<Quarantined> = {},
  integration: string | undefined = 'api-key',
): Promise<void> {
  const { quarantine } = createQueues(sqsClient(stack), {
    queueUrl: stack.queues.main.url,
    quarantineQueueUrl: stack.queues.quarantine.url,
    traceHeader: () => undefined,
    sendLimitMs: 20_000,
  });
  const kept = await quarantine(
    {
      reason: 'invalid-event',
      problems: ['data.verification.id: missing', 'attemptId: expected a number, got another string'],
      eventType: 'user-status.created',
      text: typeof body === 'string' ? body : undefined,
      ...why,
    },
    { body: Buffer.from(body), source: '', signature: undefined, integration, receivedAt: RECEIVED_AT },
    AbortSignal.timeout(30_000),
  );
  if (kept !== 'confirmed') throw new Error(`expected SQS to take the message, got ${kept}`);
}

/** What lies on a queue, received by nobody: what others see, and what is hidden from them. */
export async function lying(stack: LocalStack, queue: 'main' | 'quarantine' | 'deadLetter') {
  const { messages } = await stack.sqs.inspect(stack.queues[queue].name);
  return {
    ready: messages.ready.map(plain),
    hidden: messages.inflight.map(({ message, receiptHandle }) => ({ ...plain(message), receiptHandle })),
  };
}
