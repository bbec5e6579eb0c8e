import assert from 'node:assert/strict';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { AWS_CLIENT } from '../../cli/network.ts';
import { buildDelivery, post } from '../../ops/delivery.ts';
import { countOf } from '../../ops/doctor/deliveries.ts';
import { STACK } from './deployments.ts';
import { inWords, type Stage } from './stage.ts';
import type { Step } from './step.ts';

/** Until Lambda goes by a new limit everywhere. */
const SPREAD_MS = 60_000;
/** From a log line or a request to a metric. */
const METRIC_MS = 5 * 60_000;
const METRICS = ['Accepted', 'AcceptedFromTools', 'TurnedAwayBeforeFunction'];

/** What nobody could look up: only a deployment tells. */
export function throttlingStep({ newEvent, send, until, inTime, physicalId, answers }: Stage): Step {
  return {
    claim:
      'While Lambda throttles the function, a delivery gets an error of the kind that Veriff tries again.',
    docs: 'docs/runbook.md#the-function-fails',
    isOfAws: true,
    run: async () => {
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
        await answers(401, undefined, SPREAD_MS);
      }
    },
  };
}

/** What is written down of the deliveries so far. */
export function recordSteps(stage: Stage): readonly Step[] {
  const { keys, marker, startedAt, newEvent, until, inTime, outputs, physicalId } = stage;
  return [
    {
      claim: 'What is logged becomes metrics, of requests that never reach the function, too.',
      docs: 'docs/runbook.md#requests-that-never-reach-the-function',
      isOfAws: true,
      run: async () => {
        const elsewhere = new URL(`${outputs().WebhookUrl}/`);
        const { status } = await post(elsewhere, buildDelivery(await newEvent(), {}));
        assert(status === 404, `${status} for a slash at the end of the address`);
        // An earlier run's metrics have the same names.
        const count = (name: string) =>
          countOf({ name: STACK, outputs: outputs() }, name, (Date.now() - startedAt) / 1_000, 60);
        const look = () => Promise.all(METRICS.map(count));
        const words = (counts: readonly number[]) =>
          METRICS.map((name, at) => `${name} ${counts[at]}`).join(', ');
        return words(await until(look, (counts) => !counts.includes(0), inTime(METRIC_MS), words));
      },
    },
    {
      claim:
        'The log has a platform.report for each delivery, the time of a cold start, and nothing private.',
      docs: 'docs/runbook.md; docs/data-protection.md',
      isOfAws: true,
      run: async () => {
        const client = new CloudWatchLogsClient(AWS_CLIENT);
        const lines: string[] = [];
        for (const group of [/FunctionLogs/, /AccessLogs/]) {
          const logGroupName = await physicalId('AWS::Logs::LogGroup', group);
          for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
            lines.push(...events.map(({ message = '' }) => message));
          }
        }
        const isPrivate = (line: string) =>
          [keys.first, keys.second, marker].some((one) => line.includes(one));
        assert(!lines.some(isPrivate), 'a key or a payload is in a log');
        const reports = lines.filter((line) => line.includes('platform.report'));
        const starts = reports.flatMap((line) => /"initDurationMs":[\d.]+/.exec(line) ?? []);
        const seen = `${lines.length} lines, ${reports.length} reports, cold starts: ${starts.slice(0, 3).join(', ') || 'none'}`;
        assert(starts.length > 0, seen);
        return seen;
      },
    },
  ];
}
