import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import {
  parseUserStatusMessage,
  type UserStatusCreated,
  type UserStatusMessage,
} from 'veriff-status-receiver';

/** Two deliveries of an event at once: the second one finds the lock of the first, or what it did. */
const LOCKED_SECONDS = 60 * 60;

/** Every status of every attempt. */
export interface Statuses {
  /** Keeps the status, also one that is older than others of its attempt. Whether it is still to be acted on. */
  keep(message: UserStatusMessage): Promise<boolean>;
  /** Remembers with the status that it was acted on: a replay, whenever it comes, doesn't act again. */
  markActed(message: UserStatusMessage, at: Date): Promise<void>;
}

export interface Subscriber {
  readonly statuses: Statuses;
  /** Where Powertools locks the events that are being handled. */
  readonly idempotency: BasePersistenceLayer;
  /** The subscriber's own work: called once for each status, again only after it has failed. */
  readonly act: (event: UserStatusCreated) => Promise<void>;
  /** A message failed; SQS delivers it again, five times in all. */
  readonly onFailure: (messageId: string, error: unknown) => void;
}

export function createHandler({ statuses, idempotency, act, onFailure }: Subscriber) {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'eventId',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: LOCKED_SECONDS,
  });

  const handleOnce = makeIdempotent(
    async (message: UserStatusMessage) => {
      if (!(await statuses.keep(message))) return;
      await act(message.event);
      await statuses.markActed(message, new Date());
    },
    { persistenceStore: idempotency, config, keyPrefix: 'user-status' },
  );

  const handleRecord = async (record: SQSRecord) => {
    try {
      await handleOnce(parseUserStatusMessage(record));
    } catch (error) {
      // Powertools would turn it into a batch item failure without a word.
      onFailure(record.messageId, error);
      throw error;
    }
  };

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    // Tells Powertools when this invocation ends: a lock that it left behind is taken over after that.
    config.registerLambdaContext(context);
    const isFifo = event.Records.some(({ eventSourceARN }) => eventSourceARN.endsWith('.fifo'));
    return isFifo
      ? processPartialResponse(event, handleRecord, new SqsFifoPartialProcessorAsync(), {
          context,
          // The other attempts of the batch go on.
          skipGroupOnError: true,
          throwOnFullBatchFailure: false,
        })
      : processPartialResponse(event, handleRecord, new BatchProcessor(EventType.SQS), {
          context,
          // In parallel, two deliveries of one event in a batch would lock each other out.
          processInParallel: false,
          throwOnFullBatchFailure: false,
        });
  };
}
