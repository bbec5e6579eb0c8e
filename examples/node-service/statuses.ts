import { DatabaseSync } from 'node:sqlite';
import { toNanoseconds, type UserStatusCreated } from 'veriff-status-receiver';

/** What became of a message. `current`: its status is the attempt's newest now; `older`: a newer one came before it. */
type Outcome = 'current' | 'older' | 'duplicate';

export interface Statuses {
  /** All of it or, when it throws, nothing. */
  keep(eventId: string, event: UserStatusCreated): Outcome;
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS statuses (
    event_id TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL,
    status_code TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_order TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_attempt ON statuses (attempt_id, created_order);
`;

/** Every status of every attempt, in an SQLite file. An attempt's current status is the one with the greatest order. */
export function openStatuses(file: string): Statuses {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT OR IGNORE INTO statuses VALUES (?, ?, ?, ?, ?)');
  const newest = database.prepare(
    'SELECT event_id FROM statuses WHERE attempt_id = ? ORDER BY created_order DESC, event_id DESC LIMIT 1',
  );

  function add(eventId: string, event: UserStatusCreated): Outcome {
    const { statusCode, createdAt } = event.data.verification.userDefinedData;
    const row = [eventId, event.attemptId, statusCode, createdAt, orderOf(createdAt)];
    if (insert.run(...row).changes === 0) return 'duplicate';
    // Your own changes go here: they are made together with the rest, or not at all.
    return newest.get(event.attemptId)?.event_id === eventId ? 'current' : 'older';
  }

  return {
    keep(eventId, event) {
      // IMMEDIATE: of two processes that add at once, one waits for the other.
      database.exec('BEGIN IMMEDIATE');
      try {
        const outcome = add(eventId, event);
        database.exec('COMMIT');
        return outcome;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

/** A time as text that sorts as times do, to the nanosecond: SQLite's integers end in the year 2262. */
function orderOf(createdAt: string): string {
  return String(toNanoseconds(createdAt) + 10n ** 20n).padStart(21, '0');
}
