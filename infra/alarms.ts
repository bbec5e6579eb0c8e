import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmAction,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { metricsOf, type Watched } from './metrics.ts';
import type { AlarmOptions } from './options.ts';

interface AlarmsProps extends Watched, AlarmOptions {}

interface Condition {
  readonly metric: Metric;
  readonly atLeast: number;
  /** What it means, for whom; one sentence. */
  readonly impact: string;
  /** The section of docs/runbook.md that says what to do. */
  readonly runbook: string;
  /** Periods that must be bad, of how many. */
  readonly bad?: readonly [number, number];
  /**
   * Whether no data means that nothing happened. A queue nobody uses has no data; then the alarm stays as it is.
   * @default true
   */
  readonly quietIsGood?: boolean;
}

/** Alarms that say what is at stake and where the runbook tells what to do. */
export class Alarms extends Construct {
  /** All of them, the composite one first. */
  readonly alarms: readonly (Alarm | CompositeAlarm)[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const metrics = metricsOf(props);
    const hour = { period: Duration.hours(1) };

    const quarantine = this.alarm('Quarantine', {
      metric: metrics.quarantineDepth,
      atLeast: 1,
      impact: 'Authentic events were set aside: subscribers do not get them until someone looks.',
      runbook: 'events-in-quarantine',
      quietIsGood: false,
    });
    const deadLetters = this.alarm('DeadLetters', {
      metric: metrics.deadLetterDepth,
      atLeast: 1,
      impact: 'A subscriber failed five times on a status and will not get it again by itself.',
      runbook: 'events-in-the-dead-letter-queue',
      quietIsGood: false,
    });
    const oldest = this.alarm('OldestMessage', {
      metric: metrics.oldestMessageSeconds,
      atLeast: 3_600,
      bad: [3, 3],
      impact: 'Subscribers are more than an hour behind; after 14 days statuses are deleted.',
      runbook: 'the-queue-is-not-drained',
      quietIsGood: false,
    });
    const unavailable = this.alarm('Unavailable', {
      metric: metrics.serverErrors,
      atLeast: 1,
      impact: 'A delivery was not stored; Veriff sends it again every hour for a week, so it is late.',
      runbook: 'deliveries-are-unavailable',
    });
    const errors = this.alarm('FunctionErrors', {
      metric: metrics.functionErrors,
      atLeast: 1,
      impact: 'The function crashed or did not start; the delivery was not stored and comes again.',
      runbook: 'the-function-fails',
    });
    const throttles = this.alarm('FunctionThrottles', {
      metric: metrics.functionThrottles,
      atLeast: 1,
      impact: 'The account has no concurrency left for the function; deliveries come again, late.',
      runbook: 'the-function-fails',
    });
    const slow = this.alarm('Slow', {
      metric: metrics.slowestMs,
      atLeast: 3_000,
      bad: [2, 3],
      impact: 'Deliveries take almost as long as Veriff waits (about 5 s); soon it gives up on them.',
      runbook: 'deliveries-are-slow',
    });
    const mismatch = this.alarm('SignatureMismatch', {
      metric: metrics.signatureMismatch.with(hour),
      atLeast: 1,
      bad: [3, 6],
      impact:
        'Signatures do not match: the secret is wrong and statuses are lost after a week, or someone forges.',
      runbook: 'deliveries-are-refused',
    });
    const refused = this.alarm('RefusedSpike', {
      metric: metrics.refused,
      atLeast: 100,
      impact: 'Many deliveries were refused within 5 minutes: someone is trying. Nothing was stored.',
      runbook: 'deliveries-are-refused',
    });
    const placeholder = this.alarm('Placeholder', {
      metric: metrics.placeholder,
      atLeast: 1,
      impact:
        'The secret was never stored: no delivery is taken, and the first are lost a week after they were sent.',
      runbook: 'the-secret-is-the-placeholder',
    });
    const previousKey = this.alarm('PreviousKey', {
      metric: metrics.verifiedByPreviousKey.with(hour),
      atLeast: 1,
      bad: [2, 12],
      impact:
        'Veriff still signs with the previous secret; its deliveries are refused when the grace period ends.',
      runbook: 'the-previous-secret-is-still-in-use',
    });
    const tooLarge = this.alarm('TooLarge', {
      metric: metrics.tooLarge,
      atLeast: 1,
      impact: 'An authentic event is larger than SQS takes; it is lost a week after it was sent.',
      runbook: 'an-event-is-too-large',
    });

    const receiving = [unavailable, errors, throttles, placeholder, mismatch];
    const composite = new CompositeAlarm(this, 'NotReceived', {
      alarmRule: AlarmRule.anyOf(...receiving.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
      alarmDescription: describe(
        'The webhook is not being received: statuses are late, and lost after a week.',
        'the-webhook-is-not-being-received',
      ),
    });
    this.alarms = [
      composite,
      ...[quarantine, deadLetters, oldest, ...receiving, slow, refused, previousKey, tooLarge],
    ];
    for (const topic of this.topics(props)) {
      const action: IAlarmAction = new SnsAction(topic);
      for (const alarm of this.alarms) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }

  private alarm(
    id: string,
    { metric, atLeast, impact, runbook, bad = [1, 1], quietIsGood = true }: Condition,
  ): Alarm {
    return new Alarm(this, id, {
      metric,
      threshold: atLeast,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: bad[0],
      evaluationPeriods: bad[1],
      treatMissingData: quietIsGood ? TreatMissingData.NOT_BREACHING : TreatMissingData.IGNORE,
      alarmDescription: describe(impact, runbook),
    });
  }

  private topics({ email, topicArn }: AlarmsProps): readonly ITopic[] {
    const topics: ITopic[] =
      topicArn === undefined ? [] : [Topic.fromTopicArn(this, 'ExistingTopic', topicArn)];
    if (email !== undefined) {
      const topic = new Topic(this, 'Topic', { enforceSSL: true });
      topic.addSubscription(new EmailSubscription(email));
      topics.push(topic);
    }
    return topics;
  }
}

function describe(impact: string, runbook: string): string {
  return `${impact} What to do: docs/runbook.md#${runbook}`;
}
