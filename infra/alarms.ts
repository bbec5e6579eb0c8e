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
import { metricsOf } from './metrics.ts';
import type { AlarmOptions } from './options.ts';
import type { Receiver } from './receiver.ts';

/** Creates the alarms and the topics that they notify. The composite alarm is first. */
export function createAlarms(receiver: Receiver, options: AlarmOptions): (Alarm | CompositeAlarm)[] {
  const scope = new Construct(receiver, 'Alarms');
  const describe = ({ impact, runbook }: Pick<Condition, 'impact' | 'runbook'>) =>
    `${impact} What to do: ${options.runbookUrl ?? 'docs/runbook.md'}#${runbook}`;

  const single = Object.entries(conditionsOf(metricsOf(receiver))).map(([id, condition]) => {
    const { metric, atLeast = 1, datapoints = [1, 1], affectsReceiving = false } = condition;
    const alarm = new Alarm(scope, id, {
      metric,
      threshold: atLeast,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: datapoints[0],
      evaluationPeriods: datapoints[1],
      // SQS sends no metrics of a queue that nobody uses, so missing data does not mean that the queue is empty.
      treatMissingData:
        metric.namespace === 'AWS/SQS' ? TreatMissingData.IGNORE : TreatMissingData.NOT_BREACHING,
      alarmDescription: describe(condition),
    });
    return { alarm, affectsReceiving };
  });
  const receiving = single.filter(({ affectsReceiving }) => affectsReceiving);
  const composite = new CompositeAlarm(scope, 'NotReceived', {
    alarmRule: AlarmRule.anyOf(...receiving.map(({ alarm }) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM))),
    alarmDescription: describe({
      impact: 'Deliveries may not be received: statuses are late, and lost after a week.',
      runbook: 'the-webhook-is-not-being-received',
    }),
  });
  const alarms = [composite, ...single.map(({ alarm }) => alarm)];

  for (const topic of createTopics(scope, options)) {
    const action = new SnsAction(topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
  return alarms;
}

function createTopics(scope: Construct, { email, topicArn }: AlarmOptions): readonly ITopic[] {
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
