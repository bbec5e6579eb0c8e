import {
  type Alarm,
  AlarmStatusWidget,
  type CompositeAlarm,
  Dashboard,
  GraphWidget,
  PeriodOverride,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricsOf, type Watched } from './metrics.ts';

interface DashboardOptions extends Watched {
  readonly alarms: readonly (Alarm | CompositeAlarm)[];
}

/** A dashboard of the alarms, the outcomes, the response times, the messages on the queues and the billed usage. */
export function createDashboard(scope: Construct, { alarms, ...watched }: DashboardOptions): Dashboard {
  const metrics = metricsOf(watched);
  const half = { width: 12, height: 6 };
  const rows = [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 4 })],
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
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: watched.name,
    periodOverride: PeriodOverride.INHERIT,
    widgets: alarms.length > 0 ? rows : rows.slice(1),
  });
}
