import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import { CLIENT_OPTIONS } from './clients.ts';
import { parseConfig } from './config.ts';
import { describeError } from './describe-error.ts';
import { type HttpResponse, toDelivery, toResponse, unavailable } from './http.ts';
import { createLog } from './log.ts';
import { createQueues } from './queue.ts';
import { createReceive } from './receive.ts';
import { createReport } from './report.ts';
import { unlessAborted, withTimeout } from './retry.ts';
import { readFrom } from './secret-version.ts';
import { createKeyCache } from './secrets.ts';
import { createAllowList } from './sources.ts';
import { warmUp } from './warm-up.ts';

/**
 * The time limit of one delivery. Together with READY_MS it is well below 4 s, because Veriff waits for about 5 s. The
 * function's timeout is longer, so that it never ends a delivery.
 */
const DEADLINE_MS = 3_250;
/** How long the init phase, which has a whole CPU, waits for the secret and the warm-up. */
const READY_MS = 250;

const config = parseConfig(process.env);

let requestId: string | undefined;
// Node.js creates the stream when the property is first read. This moves it from the first delivery to the init phase.
const { stdout } = process;
const log = createLog({
  namespace: config.METRICS_NAMESPACE,
  service: config.METRICS_SERVICE,
  requestId: () => requestId,
  write: (line) => stdout.write(line),
});

// The Region's endpoint for every queue, also for the warm-up's, so that it opens the connection that deliveries use.
const sqs = new SQSClient({ ...CLIENT_OPTIONS, useQueueUrlAsEndpoint: false });
const secretsManager = new SecretsManagerClient(CLIENT_OPTIONS);

const keys = createKeyCache(readFrom(secretsManager, config.SECRET_ID), {
  graceMs: config.PREVIOUS_SECRET_GRACE_HOURS * 3_600_000,
  warn: (message, error) => log('WARN', { notice: message, failure: describeError(error) }),
});
const queues = createQueues(sqs, {
  queueUrl: config.QUEUE_URL,
  quarantineQueueUrl: config.QUARANTINE_QUEUE_URL,
  traceHeader: () => (config.TRACING ? process.env._X_AMZN_TRACE_ID : undefined),
});
const receive = createReceive(keys.findKey, queues, createAllowList(config.ALLOWED_SOURCES));
const report = createReport(log);

/** start.ts waits for this, READY_MS at most, before it ends the init phase. Never rejects. */
export const ready: Promise<void> = unlessAborted(
  AbortSignal.timeout(READY_MS),
  Promise.all([keys.firstRead, warmUp(sqs)]),
).then(
  () => {},
  () => {},
);

/** Responds to every event, whatever its shape. */
export const handler = middy(async (event: unknown): Promise<HttpResponse> => {
  const delivery = toDelivery(event, new Date());
  const outcome = await withTimeout(DEADLINE_MS, (deadline) => receive(delivery, deadline));
  report(outcome, delivery.isFromTools);
  return toResponse(outcome);
})
  .before(({ context }) => {
    requestId = context.awsRequestId;
  })
  .onError((request) => {
    const failure = describeError(request.error);
    log('ERROR', { outcome: 'UnexpectedError', failure }, { Unavailable: 1 });
    request.response = unavailable();
  });
