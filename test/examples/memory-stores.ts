import {
  IdempotencyItemAlreadyExistsError,
  IdempotencyItemNotFoundError,
} from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { isNewer } from '../../contract/time.ts';
import type { Statuses } from '../../examples/lambda-subscriber/subscriber.ts';

/** Powertools' persistence in this process's memory. */
export class MemoryPersistence extends BasePersistenceLayer {
  readonly #records = new Map<string, IdempotencyRecord>();

  /** As if the time of every record were over. */
  expire(): void {
    this.#records.clear();
  }

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

interface KeptStatus {
  readonly statusCode: string;
  readonly createdAt: string;
  actedAt?: Date;
}

/** Every status, with the rules of the DynamoDB table. */
export function memoryStatuses() {
  const kept = new Map<string, Map<string, KeptStatus>>();
  const statuses: Statuses = {
    async keep({ eventId, event }) {
      const { statusCode, createdAt } = event.data.verification.userDefinedData;
      const ofAttempt = kept.get(event.attemptId) ?? new Map<string, KeptStatus>();
      kept.set(event.attemptId, ofAttempt);
      if (ofAttempt.get(eventId)?.actedAt !== undefined) return false;
      ofAttempt.set(eventId, { statusCode, createdAt });
      return true;
    },
    async markActed({ eventId, event }, at) {
      const status = kept.get(event.attemptId)?.get(eventId);
      if (status !== undefined) status.actedAt = at;
    },
  };
  return {
    statuses,
    of(attemptId: string) {
      const all = [...(kept.get(attemptId)?.values() ?? [])];
      const [current] = all.sort((a, b) => (isNewer(a.createdAt, b.createdAt) ? -1 : 1));
      return current && { statusCode: current.statusCode, createdAt: current.createdAt, count: all.length };
    },
  };
}
