import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createService } from './service.ts';
import { openStatuses } from './statuses.ts';

const USAGE = `main.ts --queue-url <url> [--database <file>] [--retry-after <seconds>]
  --queue-url    the receiver's output QueueUrl
  --database     SQLite file for the statuses (statuses.db)
  --retry-after  seconds until a failed message comes again (the queue's visibility timeout)
  --help         this text`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      'queue-url': { type: 'string' },
      database: { type: 'string', default: 'statuses.db' },
      'retry-after': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const { 'queue-url': queueUrl, database, 'retry-after': retryAfter } = values;
  if (queueUrl === undefined) throw new Error('expected --queue-url, got none');
  if (retryAfter !== undefined && !/^\d{1,5}$/.test(retryAfter)) {
    throw new Error(`expected --retry-after in whole seconds, got ${retryAfter}`);
  }
  return { queueUrl, database, retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter) };
}

function log(entry: Record<string, unknown>): void {
  console.log(JSON.stringify(entry));
}

function run({ database, ...options }: ReturnType<typeof readOptions>): void {
  const statuses = openStatuses(database);
  const sqs = new SQSClient();
  const service = createService({
    ...options,
    sqs,
    handle({ eventId, event }) {
      const outcome = statuses.keep(eventId, event);
      const { statusCode } = event.data.verification.userDefinedData;
      log({ outcome, eventId, attemptId: event.attemptId, statusCode });
    },
    onFailure: (error, messageId) => log({ outcome: 'failed', messageId, error: error.message }),
  });

  const stop = async () => {
    await service.stop();
    statuses.close();
    sqs.destroy();
    log({ outcome: 'stopped' });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  service.start();
  log({ outcome: 'started', queueUrl: options.queueUrl });
}

try {
  run(readOptions());
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exitCode = 1;
}
