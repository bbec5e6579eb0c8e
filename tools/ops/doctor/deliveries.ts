import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { METRICS_NAMESPACE } from '../../../infra/metrics.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import type { Stack } from '../stack.ts';
import { bad, type Examination, type Finding, good, unchecked } from './finding.ts';

const NAMESPACE: typeof METRICS_NAMESPACE = 'VeriffStatusReceiver';

const DAY_S = 86_400;

/** Only Veriff's own deliveries can tell whether the stored secret is the one that it signs with. */
export async function checkDeliveries({ stack, inUse, report }: Examination): Promise<void> {
  if (inUse === undefined) {
    return report(unchecked('Deliveries and probe: not checked, they need the secret'));
  }
  const latest = stack.latest ?? {
    verified: await latestOfVeriff(stack, ['Accepted', 'Quarantined'], 'StoredFromTools'),
    mismatched: await latestOfVeriff(stack, ['SignatureMismatch'], 'SignatureMismatchFromTools'),
  };
  report(judgeDeliveries(latest, inUse.createdAt.toISOString()));
}

/** @param since when the secret was stored; what came before that says nothing of it */
export function judgeDeliveries(
  { verified, mismatched }: NonNullable<Stack['latest']>,
  since: string,
): Finding {
  const isLatest = mismatched !== undefined && (verified === undefined || verified < mismatched);
  if (isLatest && mismatched >= since) {
    const last = verified === undefined ? 'none was right yet' : `the last right one came ${verified}`;
    return bad(
      `Deliveries: the signature of the latest, ${mismatched}, does not match the stored secret (${last})`,
      'compare the secret with the one in the Customer Portal, see docs/runbook.md#deliveries-are-refused',
    );
  }
  return verified === undefined || verified < since
    ? unchecked(
        'Deliveries: none yet that the stored secret verified; only one of Veriff shows that it is the right one',
      )
    : good(`Deliveries: the signature of the latest, ${verified}, was right`);
}

/** To the minute. The function counts what has the tools' User-Agent once more. */
async function latestOfVeriff(stack: Stack, metrics: string[], ofTools: string) {
  // Less than a day: CloudWatch gives 1,440 datapoints at most.
  const inMinutes = (names: readonly string[]) => counts(stack, names, DAY_S - 3_600, 60);
  const [all, own] = [await inMinutes(metrics), await inMinutes([ofTools])];
  return [...all]
    .filter(([at, count]) => count > (own.get(at) ?? 0))
    .map(([at]) => at)
    .sort()
    .at(-1);
}

/** Whether messages were stored without their optional attributes, because SQS refused them or they were too large. */
export async function checkMessages({ stack, report }: Examination): Promise<void> {
  const count = await countOf(stack, ['ReducedMessage'], 14 * DAY_S, DAY_S);
  if (count === 0) return report(good('Messages: none had to be reduced in the last 14 days'));
  const what = `${count} in the last 14 days were refused or too large, and stored without attributes and trace`;
  report(bad(`Messages: ${what}`, 'see docs/runbook.md#a-message-was-reduced'));
}

export async function countOf(...wanted: Parameters<typeof counts>): Promise<number> {
  const counted = await counts(...wanted);
  return [...counted.values()].reduce((sum, count) => sum + count, 0);
}

/** What metrics counted together in each period, as far as it looks back, by the time when the period began. */
async function counts(
  stack: Pick<Stack, 'name' | 'outputs'>,
  metrics: readonly string[],
  lookBackS: number,
  Period: number,
) {
  const now = Date.now();
  const client = new CloudWatchClient(AWS_CLIENT);
  const sums = new Map<string, number>();
  for (const MetricName of metrics) {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: NAMESPACE,
        MetricName,
        Dimensions: [{ Name: 'service', Value: stack.outputs.MetricsName ?? stack.name }],
        StartTime: new Date(now - lookBackS * 1_000),
        EndTime: new Date(now),
        Period,
        Statistics: ['Sum'],
      }),
    );
    // A metric whose unit was changed has a datapoint of each unit for the same period.
    for (const { Timestamp, Sum = 0 } of Datapoints) {
      const at = Timestamp?.toISOString() ?? '';
      sums.set(at, (sums.get(at) ?? 0) + Sum);
    }
  }
  return sums;
}
