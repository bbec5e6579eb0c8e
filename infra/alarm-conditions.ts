import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { metricsOf } from './metrics.ts';

export interface Condition {
  readonly metric: Metric;
  /** @default 1 */
  readonly atLeast?: number;
  /** What happened and whom it affects. */
  readonly impact: string;
  /** The section of docs/runbook.md that says what to do. */
  readonly runbook: string;
  /**
   * How many of the last periods must reach the threshold to trigger the alarm: `[3, 6]` means 3 of the last 6.
   * @default [1, 1]
   */
  readonly datapoints?: readonly [number, number];
  /**
   * Whether deliveries may be failing: the alarm then also triggers the composite alarm.
   * @default false
   */
  readonly affectsReceiving?: boolean;
}

/** The condition of each alarm, by the id of the alarm's construct. */
export function conditionsOf(metrics: ReturnType<typeof metricsOf>): Readonly<Record<string, Condition>> {
  const hour = { period: Duration.hours(1) };
  return {
    Quarantine: {
      metric: metrics.quarantineDepth,
      impact: 'Authentic events went to quarantine: subscribers do not get them until someone replays them.',
      runbook: 'events-in-quarantine',
    },
    DeadLetters: {
      metric: metrics.deadLetterDepth,
      impact:
        'A status was received five times and not deleted; subscribers do not get it again until someone replays it.',
      runbook: 'events-in-the-dead-letter-queue',
    },
    OldestMessage: {
      metric: metrics.oldestMessageSeconds,
      atLeast: 3_600,
      datapoints: [3, 3],
      impact: 'Subscribers are more than an hour behind; after 14 days statuses are deleted.',
      runbook: 'the-queue-is-not-drained',
    },
    Unavailable: {
      // The API's 5xx and not the function's own metric of that name, because a crash counts, too.
      metric: metrics.serverErrors,
      impact:
        'A delivery was not confirmed as stored; Veriff sends it again every hour for a week, so it is late.',
      runbook: 'deliveries-are-unavailable',
      affectsReceiving: true,
    },
    FunctionErrors: {
      metric: metrics.functionErrors,
      impact:
        'The function crashed or did not start; the delivery was not stored, and Veriff sends it again.',
      runbook: 'the-function-fails',
      affectsReceiving: true,
    },
    FunctionThrottles: {
      metric: metrics.functionThrottles,
      impact:
        'The account has no concurrency left for the function; Veriff sends the deliveries again, so they are late.',
      runbook: 'the-function-fails',
      affectsReceiving: true,
    },
    Placeholder: {
      metric: metrics.placeholder,
      impact:
        'The key was never stored: no delivery is accepted, and each is lost a week after it was first sent.',
      runbook: 'the-secret-is-the-placeholder',
      affectsReceiving: true,
    },
    SignatureMismatch: {
      metric: metrics.signatureMismatch.with(hour),
      datapoints: [3, 6],
      impact:
        'Signatures do not match: either the secret is wrong, and statuses are lost after a week, or someone sends forged deliveries.',
      runbook: 'deliveries-are-refused',
      affectsReceiving: true,
    },
    // Not affectsReceiving: scanners find custom domain names and send POST requests to them, too.
    BeforeFunction: {
      metric: metrics.beforeFunction.with(hour),
      datapoints: [3, 6],
      impact:
        'API Gateway rejects requests before they reach the function: the address in the Customer Portal is wrong (statuses are lost after a week), the throttle limit is too low, or scanners call the API.',
      runbook: 'requests-that-never-reach-the-function',
    },
    Slow: {
      metric: metrics.slowestMs,
      atLeast: 3_000,
      datapoints: [2, 3],
      impact: 'Deliveries take 3 s or more. Veriff waits about 5 s, and then counts them as failed.',
      runbook: 'deliveries-are-slow',
    },
    RefusedSpike: {
      metric: metrics.refused,
      atLeast: 100,
      impact:
        'Many deliveries were refused within 5 minutes: someone may be sending forged deliveries. Nothing was stored.',
      runbook: 'deliveries-are-refused',
    },
    PreviousKey: {
      metric: metrics.verifiedByPreviousKey.with(hour),
      datapoints: [2, 12],
      impact:
        'Veriff still signs with a key of the previous version of the secret; its deliveries are refused when the grace period ends.',
      runbook: 'the-previous-secret-is-still-in-use',
    },
    TooLarge: {
      metric: metrics.tooLarge,
      impact: 'An authentic delivery does not fit into an SQS message; it is lost a week after it was sent.',
      runbook: 'an-event-is-too-large',
    },
    ReducedMessage: {
      metric: metrics.reducedMessage,
      impact:
        'A message was refused or too large, and was stored without its optional attributes: no event is lost, only these attributes.',
      runbook: 'a-message-was-reduced',
    },
  };
}
