import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { assert } from 'vitest';
import { warmUp } from '../../functions/receiver/warm-up.ts';
import { AWS_CLIENT } from '../../tools/cli/network.ts';
import { buildDelivery, post } from '../../tools/ops/delivery.ts';
import { countOf } from '../../tools/ops/doctor/deliveries.ts';
import { STACK } from '../../tools/proof/verify/place.ts';
import { claim } from './claim.ts';
import {
  answers,
  inTime,
  inWords,
  keys,
  marker,
  newEvent,
  outputs,
  physicalId,
  send,
  startedAt,
  until,
} from './stage.ts';

/** Until Lambda goes by a new limit everywhere. */
const SPREAD_MS = 60_000;
/** From a log line or a request to a metric. */
const METRIC_MS = 5 * 60_000;
const METRICS = ['Accepted', 'StoredFromTools', 'TurnedAwayBeforeFunction'];

/** What the time of a first delivery relies on: the connection that the receiver opens before it. */
export function claimConnection(): void {
  claim(
    'SQS keeps a connection open after the unsigned GET of the warm-up, and a signed call goes over it.',
    { docs: 'docs/performance.md#what-each-step-is-worth', isOfAws: true },
    async () => {
      const httpsAgent = new HttpsAgent({ keepAlive: true, ...AWS_CLIENT.requestHandler.httpsAgent });
      const httpAgent = new HttpAgent({ keepAlive: true });
      const client = new SQSClient({
        requestHandler: { httpsAgent, httpAgent },
        useQueueUrlAsEndpoint: false,
      });
      await warmUp(client);
      // The agent takes a connection back after the end of the answer.
      await setImmediate();
      const kept = [httpsAgent, httpAgent].flatMap(({ freeSockets }) => Object.values(freeSockets));
      const connection = kept[0]?.[0];
      assert(connection !== undefined, 'SQS closed the connection after the GET');
      const written = connection.bytesWritten;
      await client.send(new GetQueueAttributesCommand({ QueueUrl: outputs().QueueUrl }));
      const signed = connection.bytesWritten - written;
      client.destroy();
      assert(signed > 0, 'the signed call opened another connection');
      return `${written} bytes of the GET, then ${signed} of a signed call, over one connection`;
    },
  );
}

/** What nobody could look up: only a deployment tells. */
export function claimThrottling(): void {
  claim(
    'While Lambda throttles the function, a delivery gets an error of the kind that Veriff tries again.',
    { docs: 'docs/runbook.md#the-function-fails', isOfAws: true },
    async () => {
      const FunctionName = await physicalId('AWS::Lambda::Function', /Function/);
      const lambda = new LambdaClient(AWS_CLIENT);
      const none = { FunctionName, ReservedConcurrentExecutions: 0 };
      const body = await newEvent();
      try {
        await lambda.send(new PutFunctionConcurrencyCommand(none));
        const look = () => send(body);
        const isRetried = ({ status }: { status: number }) => status === 429 || status >= 500;
        return inWords(await until(look, isRetried, inTime(SPREAD_MS), inWords));
      } finally {
        await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
        // Only what the limit's end takes its time for is waited for here: what was seen counts.
        await answers(401, undefined, SPREAD_MS, 5).catch(() => {});
      }
    },
  );
}

/** What is written down of the deliveries so far. */
export function claimRecords(): void {
  claim(
    'What is logged becomes metrics, of requests that never reach the function, too.',
    { docs: 'docs/runbook.md#requests-that-never-reach-the-function', isOfAws: true },
    async () => {
      const elsewhere = new URL(`${outputs().WebhookUrl}/`);
      const { status } = await post(elsewhere, buildDelivery(await newEvent(), {}));
      assert(status === 404, `${status} for a slash at the end of the address`);
      // An earlier run's metrics have the same names.
      const count = (name: string) =>
        countOf({ name: STACK, outputs: outputs() }, [name], (Date.now() - startedAt) / 1_000, 60);
      const look = () => Promise.all(METRICS.map(count));
      const words = (counts: readonly number[]) =>
        METRICS.map((name, at) => `${name} ${counts[at]}`).join(', ');
      return words(await until(look, (counts) => !counts.includes(0), inTime(METRIC_MS), words));
    },
  );
  claim(
    'The log has a platform.report for each delivery, the time of a cold start, and nothing private.',
    { docs: 'docs/runbook.md; docs/data-protection.md', isOfAws: true },
    async () => {
      const client = new CloudWatchLogsClient(AWS_CLIENT);
      const linesOf = async (group: RegExp) => {
        const logGroupName = await physicalId('AWS::Logs::LogGroup', group);
        const pages = await Array.fromAsync(paginateFilterLogEvents({ client }, { logGroupName }));
        return pages.flatMap(({ events = [] }) => events.map(({ message = '' }) => message));
      };
      const [own, access] = [await linesOf(/FunctionLogs/), await linesOf(/AccessLogs/)];
      const lines = [...own, ...access];
      const isPrivate = (line: string) => [keys.first, keys.second, marker].some((one) => line.includes(one));
      assert(!lines.some(isPrivate), 'a key or a payload is in a log');
      const reports = own.filter((line) => line.includes('platform.report'));
      const outcomes = own.filter((line) => line.includes('"outcome"'));
      const starts = reports.flatMap((line) => /"initDurationMs":[\d.]+/.exec(line) ?? []);
      const seen = `${own.length} lines of the function, ${outcomes.length} deliveries, ${reports.length} reports, ${access.length} requests, cold starts: ${starts.slice(0, 3).join(', ') || 'none'}`;
      assert(starts.length > 0 && access.length > 0 && reports.length >= outcomes.length, seen);
      return seen;
    },
  );
}
