import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { AWS_CLIENT } from '../../cli/network.ts';
import { buildDelivery, post } from '../../ops/delivery.ts';
import { countOf } from '../../ops/doctor/deliveries.ts';
import { type Bench, inWords } from './bench.ts';
import { STACK } from './stages.ts';
import { hold, type Step } from './step.ts';

const MEGABYTE = 1_000_000;
/** Until Lambda goes by a new limit everywhere. */
const SPREAD_MS = 60_000;
/** From a log line or a request to a metric. */
const METRIC_MS = 5 * 60_000;
const METRICS = ['Accepted', 'AcceptedFromTools', 'TurnedAwayBeforeFunction'];

/** What nobody could look up: only a deployment tells. */
export function awsSteps(bench: Bench): {
  readonly atOnce: readonly Step[];
  readonly afterwards: readonly Step[];
} {
  const { keys, accept, newEvent, send, take, until, inTime, deployed, physicalId } = bench;
  const url = () => new URL(deployed().outputs.WebhookUrl);

  const atOnce: Step[] = [
    {
      claim: 'CloudFormation makes a dashboard with tags in this Region.',
      docs: 'docs/configuration.md#options, dashboard',
      isOfAws: true,
      run: async () => {
        const command = new GetDashboardCommand({ DashboardName: STACK });
        return `${(await new CloudWatchClient(AWS_CLIENT).send(command)).DashboardArn}`;
      },
    },
    {
      claim: 'SQS takes the trace header that Lambda gives, with Lineage in it.',
      docs: 'docs/runbook.md#a-message-was-reduced',
      isOfAws: true,
      run: async () => {
        await accept(keys.first);
        const [entry] = await take(deployed().outputs.QueueUrl, 1);
        const { traceHeader = 'no trace header' } = entry?.original ?? {};
        hold(traceHeader.includes('Lineage='), traceHeader);
        return traceHeader;
      },
    },
    {
      claim: 'A delivery of 7 MB gets an error, and nothing of it is kept.',
      docs: 'docs/runbook.md#requests-that-never-reach-the-function',
      isOfAws: true,
      run: async () => {
        const answer = await send(await newEvent({ vendorData: 'x'.repeat(7 * MEGABYTE) }), keys.first);
        const kept = (await take(deployed().outputs.QueueUrl)).length;
        hold(answer.status >= 400 && kept === 0, `${inWords(answer)}; ${kept} messages on the queue`);
        return inWords(answer);
      },
    },
    {
      claim:
        'While Lambda throttles the function, a delivery gets an error of the kind that Veriff tries again.',
      docs: 'docs/runbook.md#the-function-fails',
      isOfAws: true,
      run: async () => {
        const FunctionName = await physicalId('AWS::Lambda::Function', /Function/);
        const lambda = new LambdaClient(AWS_CLIENT);
        const body = await newEvent();
        // Unsigned: the function answers 401, and what is in its place something else.
        const answered = (isRunning: boolean) =>
          until(
            () => send(body),
            ({ status }) => (status === 401) === isRunning,
            inTime(SPREAD_MS),
          );
        try {
          await lambda.send(
            new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
          );
          const answer = await answered(false);
          hold(answer.status === 429 || answer.status >= 500, inWords(answer));
          return inWords(answer);
        } finally {
          await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
          await answered(true);
        }
      },
    },
  ];

  const afterwards: Step[] = [
    {
      claim: 'What is logged becomes metrics, of requests that never reach the function, too.',
      docs: 'docs/runbook.md#requests-that-never-reach-the-function',
      isOfAws: true,
      run: async () => {
        const { status } = await post(new URL(`${url()}/`), buildDelivery(await newEvent(), {}));
        // An earlier run's metrics have the same names.
        const lookBack = () => ({ ms: Date.now() - bench.startedAt, periodS: 60 });
        const look = () => Promise.all(METRICS.map((name) => countOf(STACK, name, lookBack())));
        const counts = await until(look, (found) => !found.includes(0), inTime(METRIC_MS));
        const named = METRICS.map((name, index) => `${name} ${counts[index]}`).join(', ');
        const seen = `${status} for a slash at the end of the address; ${named}`;
        hold(status === 404 && !counts.includes(0), seen);
        return seen;
      },
    },
    {
      claim:
        'The log has a platform.report for each delivery, the time of a cold start, and nothing private.',
      docs: 'docs/runbook.md; docs/data-protection.md',
      isOfAws: true,
      run: async () => {
        const lines: string[] = [];
        for (const group of [/FunctionLogs/, /AccessLogs/]) {
          const logGroupName = await physicalId('AWS::Logs::LogGroup', group);
          const pages = paginateFilterLogEvents(
            { client: new CloudWatchLogsClient(AWS_CLIENT) },
            { logGroupName },
          );
          for await (const { events = [] } of pages) lines.push(...events.map(({ message = '' }) => message));
        }
        const secrets = [keys.first, keys.second, bench.marker];
        hold(
          !lines.some((line) => secrets.some((one) => line.includes(one))),
          'a key or a payload is in a log',
        );
        const reports = lines.filter((line) => line.includes('platform.report'));
        const starts = reports.flatMap((line) => /"initDurationMs":[\d.]+/.exec(line) ?? []);
        hold(starts.length > 0, `${lines.length} lines, ${reports.length} reports, none of a cold start`);
        return `${lines.length} lines, ${reports.length} reports, ${starts.slice(0, 3).join(', ')}`;
      },
    },
  ];
  return { atOnce, afterwards };
}
