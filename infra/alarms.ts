import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Condition, conditionsOf } from './alarm-conditions.ts';
import { metricsOf, type Watched } from './metrics.ts';
import type { AlarmOptions } from './options.ts';

interface AlarmsProps extends Watched, AlarmOptions {}

/** The alarms. Each description has the impact, and the section of the runbook that says what to do. */
export class Alarms extends Construct {
  /** All alarms, the composite alarm first. */
  readonly alarms: readonly (Alarm | CompositeAlarm)[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const text = ({ impact, runbook }: Pick<Condition, 'impact' | 'runbook'>) =>
      `${impact} What to do: ${props.runbookUrl ?? 'docs/runbook.md'}#${runbook}`;

    const conditions = conditionsOf(metricsOf(props));
    const single = conditions.map((condition) => ({
      alarm: createAlarm(this, condition, text(condition)),
      condition,
    }));
    const receiving = single.filter(({ condition }) => condition.stopsReceiving);
    const composite = new CompositeAlarm(this, 'NotReceived', {
      alarmRule: AlarmRule.anyOf(
        ...receiving.map(({ alarm }) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      ),
      alarmDescription: text({
        impact: 'The webhook is not being received: statuses are late, and lost after a week.',
        runbook: 'the-webhook-is-not-being-received',
      }),
    });
    this.alarms = [composite, ...single.map(({ alarm }) => alarm)];

    for (const topic of createTopics(this, props)) {
      const action = new SnsAction(topic);
      for (const alarm of this.alarms) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }
}

function createAlarm(
  scope: Construct,
  { id, metric, atLeast, bad = [1, 1], treatMissingDataAsOk = true }: Condition,
  alarmDescription: string,
): Alarm {
  return new Alarm(scope, id, {
    metric,
    threshold: atLeast,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    datapointsToAlarm: bad[0],
    evaluationPeriods: bad[1],
    treatMissingData: treatMissingDataAsOk ? TreatMissingData.NOT_BREACHING : TreatMissingData.IGNORE,
    alarmDescription,
  });
}

function createTopics(scope: Construct, { email, topicArn }: AlarmsProps): readonly ITopic[] {
  const topics: ITopic[] =
    topicArn === undefined ? [] : [Topic.fromTopicArn(scope, 'ExistingTopic', topicArn)];
  if (email !== undefined) {
    const topic = new Topic(scope, 'Topic', { enforceSSL: true });
    // enforceSSL adds a topic policy. It replaces the default policy of SNS, which would let CloudWatch publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    );
    topic.addSubscription(new EmailSubscription(email));
    topics.push(topic);
  }
  return topics;
}
