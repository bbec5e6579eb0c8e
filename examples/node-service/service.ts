import { once } from 'node:events';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { parseUserStatusMessage, type UserStatusMessage } from 'veriff-status-receiver';

export interface ServiceOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Handles one status; when it throws, the message comes again, five times in all. */
  readonly handle: (message: UserStatusMessage) => void | Promise<void>;
  /** Seconds until a failed message comes again; when left out, the queue's visibility timeout (180). */
  readonly retryAfterSeconds?: number | undefined;
  /** `messageId` is undefined when it was not a message that failed, but SQS. */
  readonly onFailure: (error: Error, messageId: string | undefined) => void;
}

export interface Service {
  start(): void;
  /** Receives nothing more, finishes the messages in hand and deletes them. */
  stop(): Promise<void>;
}

/** A container has 30 seconds between SIGTERM and SIGKILL on ECS and Kubernetes. */
const STOP_LIMIT_MS = 25_000;

export function createService(options: ServiceOptions): Service {
  const { queueUrl, retryAfterSeconds, onFailure } = options;
  const isFifo = queueUrl.endsWith('.fifo');
  const consumer = Consumer.create({
    sqs: options.sqs,
    queueUrl,
    messageAttributeNames: ['eventId'],
    // sqs-consumer handles a batch in parallel, which is no order.
    batchSize: isFifo ? 1 : 10,
    suppressFifoWarning: true,
    // Not the 20 that SQS offers: a receive under way is waited for when the service stops.
    waitTimeSeconds: 5,
    pollingCompleteWaitTimeMs: STOP_LIMIT_MS,
    // Between two receives; one that fails at once would be tried again without a pause.
    pollingWaitTimeMs: 200,
    // A function, because sqs-consumer takes the number 0 for none.
    ...(retryAfterSeconds !== undefined && { terminateVisibilityTimeout: () => retryAfterSeconds }),
    async handleMessage(message) {
      await options.handle(parseUserStatusMessage(message));
      return message;
    },
  });
  consumer.on('error', (error) => onFailure(error, undefined));
  consumer.on('processing_error', (error, message) => onFailure(error, message.MessageId));

  return {
    start: () => consumer.start(),
    async stop() {
      const stopped = once(consumer, 'stopped');
      consumer.stop();
      await stopped;
    },
  };
}
