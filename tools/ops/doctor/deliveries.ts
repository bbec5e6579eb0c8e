import type { METRICS_NAMESPACE } from '../../../infra/metrics.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { describeLocalStack, type Stack, type Target } from '../stack.ts';
import { bad, type Finding, good } from './finding.ts';

const NAMESPACE: typeof METRICS_NAMESPACE = 'VeriffStatusReceiver';
const LOOK_BACK = { ms: 24 * 3_600_000, periodS: 300 };
const REDUCED_LOOK_BACK = { ms: 14 * 86_400_000, periodS: 86_400 };

/** When deliveries last came whose signature was right, and was not. */
export interface Latest {
  readonly accepted?: Date | undefined;
  readonly mismatched?: Date | undefined;
}

/**
 * Whether the stored secret is the one that Veriff signs with: only Veriff's own deliveries can tell.
 * @param since when the secret was stored; what an earlier one refused says nothing
 */
export function judgeDeliveries({ accepted, mismatched }: Latest, since: Date): Finding {
  const before = (one: Date | undefined, other: Date | undefined) =>
    one === undefined || (other !== undefined && one < other);
  if (mismatched !== undefined && !before(mismatched, since) && before(accepted, mismatched)) {
    const last =
      accepted === undefined ? 'none was right yet' : `the last right one came ${accepted.toISOString()}`;
    return bad(
      `Deliveries: the signature of the latest, ${mismatched.toISOString()}, does not match the stored secret (${last})`,
      'compare the secret with the one in the Customer Portal, see docs/runbook.md#deliveries-are-refused',
    );
  }
  return good(
    accepted === undefined
      ? 'Deliveries: none lately, and none with a wrong signature'
      : `Deliveries: the latest was accepted ${accepted.toISOString()}`,
  );
}

export function latestDeliveries(target: Target, stack: Stack): Promise<Latest> {
  return 'name' in target ? latestInAws(metricsOf(stack)) : latestOnThisMachine(target.localPort);
}

/** Whether SQS took what the receiver sent: attributes that it refuses cost nothing but themselves. */
export async function checkMessages(stack: Stack): Promise<Finding> {
  const count = await countOf(metricsOf(stack), 'ReducedMessage', REDUCED_LOOK_BACK);
  return count === 0
    ? good('Messages: none had to be reduced in the last 14 days')
    : bad(
        `Messages: SQS refused ${count} in the last 14 days as they were, and took them without attributes or trace`,
        'see docs/runbook.md#a-message-was-reduced',
      );
}

/** How much a metric of a receiver counted, in the last 24 hours when nothing else is said. */
export async function countOf(service: string, metricName: string, lookBack = LOOK_BACK): Promise<number> {
  const counted = await datapoints(service, metricName, lookBack);
  return counted.reduce((sum, [, value]) => sum + value, 0);
}

function metricsOf({ name, outputs }: Stack): string {
  return outputs.MetricsName ?? name;
}

async function latestOnThisMachine(port: number): Promise<Latest> {
  const { latest } = await describeLocalStack(port);
  const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return { accepted: date(latest.accepted), mismatched: date(latest.mismatched) };
}

/** To 5 minutes, from the metrics that the alarms watch. The access log counts what this project's own tools sent. */
async function latestInAws(service: string): Promise<Latest> {
  const latest = async (name: string) => {
    const [all, own] = await Promise.all([
      datapoints(service, name, LOOK_BACK),
      datapoints(service, `${name}FromTools`, LOOK_BACK),
    ]);
    const ofTools = new Map(own);
    const times = all.filter(([at, count]) => count > (ofTools.get(at) ?? 0)).map(([at]) => at);
    return times.length === 0 ? undefined : new Date(Math.max(...times));
  };
  const [accepted, mismatched] = await Promise.all([latest('Accepted'), latest('SignatureMismatch')]);
  return { accepted, mismatched };
}

/** When a period began, in milliseconds, and what was counted in it. */
async function datapoints(
  service: string,
  MetricName: string,
  { ms, periodS }: { ms: number; periodS: number },
): Promise<readonly (readonly [number, number])[]> {
  const { CloudWatchClient, GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
  const now = Date.now();
  const { Datapoints = [] } = await new CloudWatchClient(AWS_CLIENT).send(
    new GetMetricStatisticsCommand({
      Namespace: NAMESPACE,
      MetricName,
      Dimensions: [{ Name: 'service', Value: service }],
      StartTime: new Date(now - ms),
      EndTime: new Date(now),
      Period: periodS,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.map(({ Timestamp, Sum = 0 }) => [Timestamp?.getTime() ?? 0, Sum] as const);
}
