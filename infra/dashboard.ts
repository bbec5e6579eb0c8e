import {
  type Alarm,
  AlarmStatusWidget,
  type CompositeAlarm,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type Metric,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { metricsOf } from './metrics.ts';
import type { Receiver } from './receiver.ts';

const HALF_A_ROW = { width: 12, height: 6 };
const FROM_ZERO = { leftYAxis: { min: 0 } };

export function createDashboard(receiver: Receiver, alarms: (Alarm | CompositeAlarm)[]): void {
  const metrics = metricsOf(receiver);
  const { accepted, quarantined, refused, unavailable, tooLarge, beforeFunction } = metrics;
  const rows = [
    [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
    [
      graph(
        'Deliveries by outcome',
        [accepted, quarantined, refused, unavailable, tooLarge, beforeFunction],
        { stacked: true },
      ),
      graph(
        'Duration (ms)',
        ['p50', 'p90', 'p99', 'Maximum'].map((statistic) => metrics.duration(statistic)),
        { ...FROM_ZERO, leftAnnotations: [{ value: 4_000, label: 'limit: 4 s' }] },
      ),
    ],
    [
      graph('Messages waiting', [metrics.depth, metrics.quarantineDepth, metrics.deadLetterDepth], FROM_ZERO),
      graph('Age of the oldest message (s)', [metrics.oldestMessageSeconds], FROM_ZERO),
    ],
    [
      graph(
        'Cold starts, errors, throttles',
        [metrics.coldStarts, metrics.functionErrors, metrics.functionThrottles],
        FROM_ZERO,
      ),
      new SingleValueWidget({
        title: 'Invocations and their average duration (ms)',
        metrics: [metrics.invocations, metrics.duration('Average')],
        setPeriodToTimeRange: true,
        ...HALF_A_ROW,
      }),
    ],
  ];
  new Dashboard(receiver, 'Dashboard', {
    dashboardName: receiver.metricsName,
    periodOverride: PeriodOverride.INHERIT,
    widgets: alarms.length > 0 ? rows : rows.slice(1),
  });
}

function graph(title: string, left: Metric[], more: GraphWidgetProps): GraphWidget {
  return new GraphWidget({ title, left, ...HALF_A_ROW, ...more });
}
