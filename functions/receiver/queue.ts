import { createHash } from 'node:crypto';
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isSqsText, messageAttributes, validAttributes } from '../../contract/message.ts';
import type { Queues, SendResult } from './receive.ts';
import { tryTwice, UnavailableError } from './retry.ts';

/** The size limit of body and attributes (names, types and values) together, in bytes. Source: SQS, "Message quotas". */
const MESSAGE_LIMIT = 1_048_576;
/** The time limit of one try. It is short, because Veriff waits for the response. */
const SEND_LIMIT_MS = 1_000;

/** An unfamiliar event type is cut to this length in the attribute; the body has all of it. */
const EVENT_TYPE_LIMIT = 256;

/** The names of the errors with which SQS refuses a message's content. An immediate retry gets the same error. */
const CONTENT_REFUSED = /\bInvalid(MessageContents|ParameterValue|AttributeValue)(Exception)?$/;

export interface QueuesOptions {
  readonly queueUrl: string;
  readonly quarantineQueueUrl: string;
  /** The X-Ray trace header of the invocation, so that a subscriber can continue the trace. */
  readonly traceHeader: () => string | undefined;
  /** The time limit of one try, in milliseconds; 1000 when left out. */
  readonly sendLimitMs?: number;
}

type Attributes = Readonly<Record<string, string>>;

interface Message {
  readonly queueUrl: string;
  readonly body: string;
  /** Always sent: subscribers and tools need them. */
  readonly attributes: Attributes;
  /** Left out when the message is refused or too large with them. */
  readonly optional: Attributes;
  /** System attributes of SQS. They do not count towards the size, and are left out with the optional attributes. */
  readonly systemAttributes: Attributes;
  /** For FIFO queues: SQS delivers the messages of one group in order. */
  readonly groupId: string;
  /** For FIFO queues: SQS delivers messages with the same id only once within 5 minutes. */
  readonly deduplicationId: string;
}

/** The main queue and the quarantine queue. */
export function createQueues(client: SQSClient, options: QueuesOptions): Queues {
  async function sendOrReduce(message: Message, deadline: AbortSignal): Promise<SendResult> {
    const sent = await sendMessage(message, deadline);
    if (sent === 'confirmed') return sent;
    const reduced = await sendMessage({ ...message, optional: {}, systemAttributes: {} }, deadline);
    return reduced === 'confirmed' ? 'reduced' : reduced;
  }

  async function sendMessage(
    message: Message,
    deadline: AbortSignal,
  ): Promise<Exclude<SendResult, 'reduced'>> {
    const attributes = { ...message.attributes, ...message.optional };
    if (sizeOf(message.body, attributes) > MESSAGE_LIMIT) return 'too-large';
    const command = new SendMessageCommand({
      QueueUrl: message.queueUrl,
      MessageBody: message.body,
      MessageAttributes: strings(attributes),
      MessageSystemAttributes: strings(message.systemAttributes),
      ...(message.queueUrl.endsWith('.fifo') && {
        MessageGroupId: message.groupId,
        MessageDeduplicationId: message.deduplicationId,
      }),
    });
    try {
      return await tryTwice((signal) => sendOnce(client, command, signal), {
        limitMs: options.sendLimitMs ?? SEND_LIMIT_MS,
        deadline,
      });
    } catch (error) {
      throw new UnavailableError('queue', 'SQS did not confirm the message.', { cause: error });
    }
  }

  return {
    async publish({ event, text }, { integration, receivedAt }, deadline) {
      const { eventId, ...optional } = messageAttributes(event, { integration, receivedAt });
      const sent = await sendOrReduce(
        {
          queueUrl: options.queueUrl,
          body: escapeNoncharacters(text),
          attributes: { eventId },
          optional,
          systemAttributes: validAttributes({ AWSTraceHeader: options.traceHeader() }),
          groupId: groupOf(event.attemptId),
          deduplicationId: eventId,
        },
        deadline,
      );
      return { sent, eventId };
    },

    async quarantine({ reason, problems, eventType, webhook, text }, delivery, deadline) {
      const verbatim = text !== undefined && isSqsText(text);
      // Each message has its own group, so that no message in quarantine waits for another.
      const id = sha256(delivery.body);
      return sendOrReduce(
        {
          queueUrl: options.quarantineQueueUrl,
          // SQS refuses an empty body; a data URL is never empty.
          body: verbatim ? text : `data:;base64,${Buffer.from(delivery.body).toString('base64')}`,
          attributes: { reason, ...(!verbatim && { bodyEncoding: 'data-url' }) },
          optional: validAttributes({
            problems: problems.join('; '),
            eventType: eventType?.slice(0, EVENT_TYPE_LIMIT),
            webhook,
            integration: delivery.integration,
            receivedAt: delivery.receivedAt.toISOString(),
          }),
          systemAttributes: {},
          groupId: id,
          deduplicationId: id,
        },
        deadline,
      );
    },
  };
}

/**
 * Whether SQS stored the message, or refused its content.
 * @throws Error when it did neither, or no answer came before the signal.
 */
export async function sendOnce(
  client: SQSClient,
  command: SendMessageCommand,
  abortSignal: AbortSignal,
): Promise<'confirmed' | 'refused'> {
  try {
    // The SDK has compared the MD5 of the body with that in SQS's answer.
    const { MessageId } = await client.send(command, { abortSignal });
    if (MessageId !== undefined) return 'confirmed';
  } catch (error) {
    if (error instanceof Error && CONTENT_REFUSED.test(error.name)) return 'refused';
    throw error;
  }
  throw new UnavailableError('queue', 'Expected a MessageId from SQS, got none.');
}

/**
 * Writes U+FFFE and U+FFFF as JSON escapes, which mean the same: JSON allows these characters in a string, and SQS
 * refuses them. The other characters that SQS refuses are not allowed in JSON.
 */
function escapeNoncharacters(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => (character === '\uFFFE' ? '\\uFFFE' : '\\uFFFF'));
}

/**
 * The message group of a Veriff attempt: its id if SQS accepts that (1 to 128 printable ASCII characters without spaces),
 * else the SHA-256 of its id.
 */
export function groupOf(attemptId: string): string {
  return /^[!-~]{1,128}$/.test(attemptId) ? attemptId : sha256(attemptId);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function strings(attributes: Attributes): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

function sizeOf(body: string, attributes: Attributes): number {
  let size = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return size;
}
