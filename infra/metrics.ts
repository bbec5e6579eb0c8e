import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What alarms and the dashboard look at. */
export interface Watched {
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly quarantineQueue: IQueue;
  readonly function: IFunction;
  readonly api: HttpApi;
  /** The `service` of the function's own metrics. */
  readonly name: string;
}

/** The CloudWatch namespace of the function's own metrics. */
export const METRICS_NAMESPACE = 'VeriffStatusReceiver';

/** The metric, of the access log, that counts what API Gateway turned away before the function saw it. */
export const BEFORE_FUNCTION = 'TurnedAwayBeforeFunction';

/** Whom this project's own tools say they are: the access log counts their deliveries, for the doctor to leave out. */
export const TOOLS_USER_AGENT = 'veriff-status-receiver';

/** Every metric that is watched, in periods of 5 minutes. */
export function metricsOf({
  queue,
  deadLetterQueue,
  quarantineQueue,
  function: receiver,
  api,
  name,
}: Watched) {
  const period = Duration.minutes(5);
  const sum = { statistic: Stats.SUM, period };
  const max = { statistic: Stats.MAXIMUM, period };
  const own = (metricName: string) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: name },
      unit: Unit.COUNT,
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
    coldStarts: new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: 'ColdStart',
      dimensionsMap: { service: name, function_name: receiver.functionName },
      ...sum,
    }),
    functionErrors: receiver.metricErrors(sum),
    functionThrottles: receiver.metricThrottles(sum),
    invocations: receiver.metricInvocations(sum),
    duration: (statistic: string) => receiver.metricDuration({ statistic, period, label: statistic }),
    slowestMs: receiver.metricDuration(max),
    serverErrors: api.metricServerError(sum),
    depth: queue.metricApproximateNumberOfMessagesVisible(max),
    deadLetterDepth: deadLetterQueue.metricApproximateNumberOfMessagesVisible(max),
    quarantineDepth: quarantineQueue.metricApproximateNumberOfMessagesVisible(max),
    oldestMessageSeconds: queue.metricApproximateAgeOfOldestMessage(max),
  };
}
