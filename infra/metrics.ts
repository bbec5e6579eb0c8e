import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Receiver } from './receiver.ts';

/** The CloudWatch namespace of the function's own metrics. */
export const METRICS_NAMESPACE = 'VeriffStatusReceiver';

/** The metric that counts the POST requests that API Gateway answered with 4xx itself, by the access log. */
export const BEFORE_FUNCTION = 'TurnedAwayBeforeFunction';

/** All metrics of the alarms and the dashboard, in periods of 5 minutes. */
export function metricsOf(receiver: Receiver) {
  const { queue, deadLetterQueue, quarantineQueue, function: fn, api } = receiver;
  const period = Duration.minutes(5);
  const sum = { statistic: Stats.SUM, period };
  const max = { statistic: Stats.MAXIMUM, period };
  const own = (metricName: string) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: receiver.metricsName },
      ...sum,
    });

  return {
    accepted: own('Accepted'),
    quarantined: own('Quarantined'),
    refused: own('Refused'),
    signatureMismatch: own('SignatureMismatch'),
    unavailable: own('Unavailable'),
    tooLarge: own('TooLarge'),
    placeholder: own('PlaceholderSecret'),
    verifiedByPreviousKey: own('VerifiedByPreviousKey'),
    reducedMessage: own('ReducedMessage'),
    beforeFunction: own(BEFORE_FUNCTION),
    coldStarts: own('ColdStart'),
    functionErrors: fn.metricErrors(sum),
    functionThrottles: fn.metricThrottles(sum),
    invocations: fn.metricInvocations(sum),
    duration: (statistic: string) => fn.metricDuration({ statistic, period, label: statistic }),
    slowestMs: fn.metricDuration(max),
    serverErrors: api.metricServerError(sum),
    depth: queue.metricApproximateNumberOfMessagesVisible(max),
    deadLetterDepth: deadLetterQueue.metricApproximateNumberOfMessagesVisible(max),
    quarantineDepth: quarantineQueue.metricApproximateNumberOfMessagesVisible(max),
    oldestMessageSeconds: queue.metricApproximateAgeOfOldestMessage(max),
  };
}
