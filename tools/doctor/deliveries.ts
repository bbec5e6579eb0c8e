import type { METRICS_NAMESPACE } from '../../infra/metrics.ts';
import { describeLocalStack, type Stack, type Target } from '../stack.ts';
import { bad, type Finding, good } from './finding.ts';

const NAMESPACE: typeof METRICS_NAMESPACE = 'VeriffStatusReceiver';
const LOOK_BACK_MS = 24 * 3_600_000;
const PERIOD_S = 300;

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
  return 'name' in target ? latestInAws(stack.name) : latestOnThisMachine(target.localPort);
}

async function latestOnThisMachine(port: number): Promise<Latest> {
  const { latest } = await describeLocalStack(port);
  const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return { accepted: date(latest.accepted), mismatched: date(latest.mismatched) };
}

/** To 5 minutes, from the metrics that the alarms watch. */
async function latestInAws(service: string): Promise<Latest> {
  const { CloudWatchClient, GetMetricStatisticsCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient();
  const now = Date.now();
  const latest = async (MetricName: string) => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: NAMESPACE,
        MetricName,
        Dimensions: [{ Name: 'service', Value: service }],
        StartTime: new Date(now - LOOK_BACK_MS),
        EndTime: new Date(now),
        Period: PERIOD_S,
        Statistics: ['Sum'],
      }),
    );
    const times = Datapoints.filter(({ Sum = 0 }) => Sum > 0).map(
      ({ Timestamp }) => Timestamp?.getTime() ?? 0,
    );
    return times.length === 0 ? undefined : new Date(Math.max(...times));
  };
  const [accepted, mismatched] = await Promise.all([latest('Accepted'), latest('SignatureMismatch')]);
  return { accepted, mismatched };
}
