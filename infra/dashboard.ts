import {
  type Alarm,
  AlarmStatusWidget,
  type CompositeAlarm,
  Dashboard,
  GraphWidget,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { metricsOf } from './metrics.ts';
import type { Receiver } from './receiver.ts';

/** A dashboard of the alarms, the outcomes, the response times, the messages on the queues and the billed usage. */
export function createDashboard(receiver: Receiver, alarms: (Alarm | CompositeAlarm)[]): void {
  const metrics = metricsOf(receiver);
  const half = { width: 12, height: 6 };
  const rows = [
    [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
    [
      new GraphWidget({
        title: 'Deliveries by outcome',
        left: [
          metrics.accepted,
          metrics.quarantined,
          metrics.refused,
          metrics.unavailable,
          metrics.tooLarge,
          metrics.beforeFunction,
        ],
        stacked: true,
        ...half,
      }),
      new GraphWidget({
        title: 'Response time (ms)',
        left: ['p50', 'p90', 'p99', 'Maximum'].map((statistic) => metrics.duration(statistic)),
        leftYAxis: { min: 0 },
        leftAnnotations: [{ value: 4_000, label: 'limit: 4 s' }],
        ...half,
      }),
    ],
    [
      new GraphWidget({
        title: 'Messages waiting',
        left: [metrics.depth, metrics.quarantineDepth, metrics.deadLetterDepth],
        leftYAxis: { min: 0 },
        ...half,
      }),
      new GraphWidget({
        title: 'Age of the oldest message (s)',
        left: [metrics.oldestMessageSeconds],
        leftYAxis: { min: 0 },
        ...half,
      }),
    ],
    [
      new GraphWidget({
        title: 'Cold starts, errors, throttles',
        left: [metrics.coldStarts, metrics.functionErrors, metrics.functionThrottles],
        leftYAxis: { min: 0 },
        ...half,
      }),
      new SingleValueWidget({
        title: 'Billed usage: invocations and their average duration (ms)',
        metrics: [metrics.invocations, metrics.duration('Average')],
        setPeriodToTimeRange: true,
        ...half,
      }),
    ],
  ];
  new Dashboard(receiver, 'Dashboard', {
    dashboardName: receiver.metricsName,
    periodOverride: PeriodOverride.INHERIT,
    widgets: alarms.length > 0 ? rows : rows.slice(1),
  });
}
