import { createHash } from 'node:crypto';
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { carried, isSqsText, messageAttributes } from '../../contract/message.ts';
import { attempt, UnavailableError } from './attempt.ts';
import type { Queues, Sent } from './receive.ts';

/** Body and attributes (names, types and values) together, in bytes. Source: SQS, "Message quotas". */
const MESSAGE_LIMIT = 1_048_576;
/** For one try; Veriff waits for the answer. */
const SEND_LIMIT_MS = 1_000;

/** Of an unfamiliar event type; what is longer is in the body. */
const EVENT_TYPE_LIMIT = 256;

/** SQS says of the content, not of the moment, that it can't take it: another try would end the same. */
export const CONTENT_REFUSED = /\bInvalid(MessageContents|ParameterValue|AttributeValue)(Exception)?$/;

export interface QueuesOptions {
  readonly queueUrl: string;
  readonly quarantineQueueUrl: string;
  /** The X-Ray trace header of the invocation; a subscriber's trace goes on from it. */
  readonly traceHeader: () => string | undefined;
  /** For one try, in milliseconds; 1000 when left out. */
  readonly sendLimitMs?: number;
}

type Attributes = Readonly<Record<string, string>>;

interface Message {
  readonly queueUrl: string;
  readonly body: string;
  /** Without them the message is of no use. */
  readonly attributes: Attributes;
  /** Left out when SQS refuses the message with them. */
  readonly optional: Attributes;
  /** AWS's own, as optional. They don't count towards the size of a message. */
  readonly systemAttributes: Attributes;
  /** For a FIFO queue: what is delivered in order, and what is delivered once in 5 minutes. */
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** The main queue and the quarantine queue. */
export function createQueues(client: SQSClient, options: QueuesOptions): Queues {
  async function send(message: Message, deadline: AbortSignal): Promise<Sent> {
    const sent = await sendWhole(message, deadline);
    if (sent === 'confirmed') return sent;
    const reduced = await sendWhole({ ...message, optional: {}, systemAttributes: {} }, deadline);
    return reduced === 'confirmed' ? 'reduced' : reduced;
  }

  async function sendWhole(message: Message, deadline: AbortSignal): Promise<Exclude<Sent, 'reduced'>> {
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
    const confirm = async (abortSignal: AbortSignal) => {
      try {
        // The SDK has compared the MD5 of the body with that in SQS's answer.
        const { MessageId } = await client.send(command, { abortSignal });
        if (MessageId !== undefined) return 'confirmed';
      } catch (error) {
        if (error instanceof Error && CONTENT_REFUSED.test(error.name)) return 'refused';
        throw error;
      }
      throw new UnavailableError('queue', 'Expected a MessageId from SQS, got none.');
    };
    try {
      return await attempt(confirm, { limitMs: options.sendLimitMs ?? SEND_LIMIT_MS, deadline });
    } catch (error) {
      throw new UnavailableError('queue', 'SQS did not confirm the message.', { cause: error });
    }
  }

  return {
    async publish({ event, text }, { integration, receivedAt }, deadline) {
      const { eventId, ...optional } = messageAttributes(event, { integration, receivedAt });
      const sent = await send(
        {
          queueUrl: options.queueUrl,
          body: escapeNoncharacters(text),
          attributes: { eventId },
          optional,
          systemAttributes: carried({ AWSTraceHeader: options.traceHeader() }),
          groupId: groupOf(event.attemptId),
          deduplicationId: eventId,
        },
        deadline,
      );
      return { sent, eventId };
    },

    async quarantine({ reason, problems, eventType, webhook, text }, delivery, deadline) {
      const verbatim = text !== undefined && isSqsText(text);
      // A group of its own: nothing in quarantine waits for another.
      const id = sha256(delivery.body);
      return send(
        {
          queueUrl: options.quarantineQueueUrl,
          // A data URL is never empty; SQS refuses an empty body.
          body: verbatim ? text : `data:;base64,${Buffer.from(delivery.body).toString('base64')}`,
          attributes: { reason, ...(!verbatim && { bodyEncoding: 'data-url' }) },
          optional: carried({
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
 * JSON allows U+FFFE and U+FFFF inside a string, SQS refuses them: their escapes are the same JSON.
 * Everything else that SQS refuses is no JSON either.
 */
function escapeNoncharacters(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => (character === '\uFFFE' ? '\\uFFFE' : '\\uFFFF'));
}

/** Ids are opaque; SQS takes up to 128 letters, digits and punctuation marks of ASCII as a group. */
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
