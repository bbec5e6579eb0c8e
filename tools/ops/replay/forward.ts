import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { CONTENT_REFUSED } from '../../../functions/receiver/queue.ts';
import type { Sent } from '../../../functions/receiver/receive.ts';
import type { Original } from './entry.ts';

export interface Destination {
  readonly queueUrl: string;
  /** For a FIFO queue. */
  readonly groupId: string;
  readonly deduplicationId: string;
}

/**
 * Sends a copy of a message: body, attributes and trace header.
 * @throws Error when SQS neither confirmed nor refused it for its content.
 */
export async function forward(
  client: SQSClient,
  { body, attributes, traceHeader }: Original,
  { queueUrl, groupId, deduplicationId }: Destination,
  abortSignal: AbortSignal,
): Promise<Sent> {
  const command = new SendMessageCommand({
    QueueUrl: queueUrl,
    MessageBody: body,
    MessageAttributes: attributes,
    ...(traceHeader !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
    }),
    ...(queueUrl.endsWith('.fifo') && {
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId,
    }),
  });
  try {
    const { MessageId } = await client.send(command, { abortSignal });
    if (MessageId === undefined) throw new Error('expected a MessageId from SQS, got none');
    return 'confirmed';
  } catch (error) {
    if (error instanceof Error && CONTENT_REFUSED.test(error.name)) return 'refused';
    throw error;
  }
}
