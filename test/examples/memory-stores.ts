import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { isNewer } from '../../contract/time.ts';
import type { Statuses } from '../../examples/lambda-subscriber/subscriber.ts';

/** Powertools' persistence in this process's memory; nothing expires. */
export class MemoryPersistence extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  protected async _putRecord(record: IdempotencyRecord): Promise<void> {
    const existing = this.#records.get(record.idempotencyKey);
    if (existing !== undefined) throw new IdempotencyItemAlreadyExistsError('exists', existing);
    this.#records.set(record.idempotencyKey, record);
  }

  protected async _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const record = this.#records.get(idempotencyKey);
    if (record === undefined) throw new IdempotencyItemNotFoundError('not found');
    return record;
  }

  protected async _updateRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.set(record.idempotencyKey, record);
  }

  protected async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    this.#records.delete(record.idempotencyKey);
  }
}

/** The latest status of each attempt, with the rule of the DynamoDB table. */
export function memoryStatuses() {
  const latest = new Map<string, { eventId: string; statusCode: string; createdAt: string }>();
  const statuses: Statuses = {
    async keep({ eventId, event }) {
      const { statusCode, createdAt } = event.data.verification.userDefinedData;
      const held = latest.get(event.attemptId);
      if (held !== undefined && held.eventId !== eventId && !isNewer(createdAt, held.createdAt)) return false;
      latest.set(event.attemptId, { eventId, statusCode, createdAt });
      return true;
    },
  };
  return { statuses, latest };
}
