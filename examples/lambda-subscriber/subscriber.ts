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

/** Longer than a message can live: 14 days on the queue, 14 in the dead-letter queue. */
const REMEMBERED_SECONDS = 30 * 24 * 60 * 60;

/** The latest status of each attempt. */
export interface Statuses {
  /**
   * Keeps the status unless a newer one of its attempt is held, and says whether it holds it now. The same event
   * may come again after a failure: the answer is the same.
   */
  keep(message: UserStatusMessage): Promise<boolean>;
}

export interface Subscriber {
  readonly statuses: Statuses;
  /** Where Powertools remembers the events that were handled. */
  readonly idempotency: BasePersistenceLayer;
  /** The subscriber's own work: called for a status that is news, again only after it has failed. */
  readonly act: (event: UserStatusCreated) => Promise<void>;
  /** A message failed; SQS delivers it again, five times in all. */
  readonly onFailure: (messageId: string, error: unknown) => void;
}

export function createHandler({ statuses, idempotency, act, onFailure }: Subscriber) {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'eventId',
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    expiresAfterSeconds: REMEMBERED_SECONDS,
  });

  const handleOnce = makeIdempotent(
    async (message: UserStatusMessage) => {
      if (await statuses.keep(message)) await act(message.event);
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
