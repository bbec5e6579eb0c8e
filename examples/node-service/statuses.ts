import { DatabaseSync } from 'node:sqlite';
import { isNewer, type UserStatusMessage } from 'veriff-status-receiver';

/** What became of a message: `applied` is news, the other two change nothing. */
type Outcome = 'applied' | 'duplicate' | 'stale';

export interface Statuses {
  /** All of it or, when it throws, nothing. */
  apply(message: UserStatusMessage): Outcome;
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS handled (event_id TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS latest (
    attempt_id TEXT PRIMARY KEY,
    status_code TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changes INTEGER NOT NULL
  ) STRICT;
`;

/** The latest status of each attempt, in an SQLite file together with the ids of the events that were handled. */
export function openStatuses(file: string): Statuses {
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const remember = database.prepare('INSERT OR IGNORE INTO handled (event_id) VALUES (?)');
  const held = database.prepare('SELECT created_at FROM latest WHERE attempt_id = ?');
  const replace = database.prepare(`
    INSERT INTO latest (attempt_id, status_code, created_at, changes) VALUES (?, ?, ?, 1)
    ON CONFLICT (attempt_id) DO UPDATE SET
      status_code = excluded.status_code, created_at = excluded.created_at, changes = changes + 1
  `);

  function change({ eventId, event }: UserStatusMessage): Outcome {
    if (remember.run(eventId).changes === 0) return 'duplicate';
    const { statusCode, createdAt } = event.data.verification.userDefinedData;
    const latest = held.get(event.attemptId)?.created_at;
    if (typeof latest === 'string' && !isNewer(createdAt, latest)) return 'stale';
    replace.run(event.attemptId, statusCode, createdAt);
    // Your own changes go here: they are made together with the rest, or not at all.
    return 'applied';
  }

  return {
    apply(message) {
      // IMMEDIATE: two processes that read before they write would both find theirs the newest.
      database.exec('BEGIN IMMEDIATE');
      try {
        const outcome = change(message);
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
