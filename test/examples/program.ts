import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { CREDENTIALS, REGION } from '../../tools/local/addresses.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { SECRET } from '../support/webhook.ts';
import type { Held, Subject } from './subscriber-rules.ts';

const row = v.object({ statusCode: v.string(), createdAt: v.string(), count: v.number() });
const line = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ outcome: v.string(), messageId: v.optional(v.string()) }),
);

export interface Program extends Subject {
  /** The outcomes that it printed. */
  outcomes(): readonly string[];
  /** Sends SIGTERM, and gives the exit code. */
  terminate(): Promise<number | null>;
  stop(): Promise<void>;
}

/** Runs a consumer as its README says, in a process of its own against a local stack of its own. */
export async function startProgram(
  [command, ...args]: readonly [string, ...string[]],
  { assemblyDir }: { assemblyDir: string },
): Promise<Program> {
  const home = await mkdtemp(join(tmpdir(), 'subscriber-'));
  const database = join(home, 'statuses.db');
  const stack = await startLocalStack({ assemblyDir, secret: SECRET });
  const options = ['--queue-url', stack.queues.main.url, '--database', database, '--retry-after', '0'];
  const child = spawn(command, [...args, ...options], {
    env: { ...process.env, ...variables(stack) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: v.InferOutput<typeof line>[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => lines.push(v.parse(line, text)));

  const end = async (): Promise<number | null> => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'close') : undefined;
    child.kill('SIGTERM');
    await ended;
    return child.exitCode;
  };
  return {
    stack,
    held: (attemptId) => readCurrent(database, attemptId),
    failures: () =>
      lines.flatMap(({ outcome, messageId }) => (outcome === 'failed' && messageId ? [messageId] : [])),
    outcomes: () => lines.map(({ outcome }) => outcome),
    terminate: end,
    async stop() {
      await end();
      await stack.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function variables({ sqsEndpoint }: LocalStack) {
  return {
    AWS_ENDPOINT_URL_SQS: sqsEndpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}

function readCurrent(file: string, attemptId: string): Held | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const found = database
      .prepare(
        `SELECT status_code AS statusCode, created_at AS createdAt, count(*) OVER () AS count FROM statuses
        WHERE attempt_id = ? ORDER BY created_order DESC LIMIT 1`,
      )
      .get(attemptId);
    return found === undefined ? undefined : v.parse(row, { ...found });
  } finally {
    database.close();
  }
}
