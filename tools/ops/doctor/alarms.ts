import { CloudWatchClient, type CompositeAlarm, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift, type Stack } from '../stack.ts';
import { bad, type Examination, type Finding, good, sectionOf, unchecked } from './finding.ts';
import { resourcesOf } from './resources.ts';
import { judgeTopic, readTopic } from './topics.ts';

/** CloudWatch describes no more alarms in one call. */
const MOST_ALARMS = 100;
const ALARM = /^AWS::CloudWatch::(Composite)?Alarm$/;

export type Alarm = Readonly<ReturnType<typeof toAlarm>>;

export type Watch = Readonly<Awaited<ReturnType<typeof readWatch>>>;

export async function checkAlarms(examination: Examination): Promise<void> {
  const watch = await readWatch(examination.stack);
  examination.alarms = watch.alarms;
  for (const finding of judgeAlarms(watch, examination.said)) examination.report(finding);
}

export function judgeAlarms(watch: Watch, said: ReadonlySet<string>): readonly Finding[] {
  const { alarms, topics } = watch;
  const findings = [...judgeTelling(watch), ...judgeStates(alarms, said)];
  if (findings.some(({ kind }) => kind === 'bad')) return findings;
  if (alarms.length === 0) {
    return [unchecked('Alarms: there are none, nobody is told of faults; the option "alarms" makes them')];
  }
  const counts = topics.map(({ subscribers }) => subscribers?.confirmed);
  const who = counts.includes(undefined)
    ? 'who is told is not known here'
    : `${counts.reduce((sum: number, count = 0) => sum + count, 0)} confirmed to be told`;
  const firing = alarms.some(isFiring) ? 'none firing for anything else' : 'none firing';
  return [...findings, good(`Alarms: ${alarms.length}, ${firing}, ${who}`)];
}

function* judgeTelling({ stackName, alarms, gone, topics }: Watch): Generator<Finding> {
  for (const name of gone) yield bad(`Alarms: ${name} was deleted`, revertDrift({ name: stackName }));
  if (alarms.length === 0) return;
  for (const topic of topics) {
    const telling = alarms.filter(({ topicArns }) => topicArns.includes(topic.arn));
    yield* judgeTopic(
      topic,
      telling.map(({ arn }) => arn),
      stackName,
    );
  }
  if (topics.length === 0) {
    yield bad('Alarms: they have no topic to tell', 'give the option "alarms" an email or a topicArn');
  }
  const silenced = alarms.filter(({ isSilenced }) => isSilenced);
  if (silenced.length > 0) {
    yield bad(`Alarms: the actions of ${silenced.length} are off`, 'turn them on again in CloudWatch');
  }
}

function judgeStates(alarms: readonly Alarm[], said: ReadonlySet<string>): readonly Finding[] {
  const firing = alarms.filter(isFiring);
  const single = firing.filter(({ rule }) => rule === undefined);
  // A composite alarm fires for what the others say.
  return (single.length > 0 ? single : firing)
    .filter(({ description }) => !said.has(sectionOf(description) ?? ''))
    .map(({ name, description }) => bad(`Alarm ${name}`, description));
}

function isFiring({ state }: Alarm): boolean {
  return state === 'ALARM';
}

/** A stack may hold other receivers, and alarms of its owner; one that is alone has outputs without its id. */
export function alarmIdsOf(receiver: string): RegExp {
  return new RegExp(`^${receiver || '.*'}Alarms`);
}

async function readWatch({ name: stackName, receiver }: Stack) {
  const ids = alarmIdsOf(receiver);
  const names = (await resourcesOf(stackName))
    .filter(({ ResourceType = '' }) => ALARM.test(ResourceType))
    .filter(({ LogicalResourceId = '' }) => ids.test(LogicalResourceId))
    // Some resources are known by their ARN.
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId.replace(/^arn:.*:alarm:/, ''));
  const alarms = names.length === 0 ? [] : await readAlarms(names);
  /** Those that the stack has and CloudWatch doesn't. */
  const gone = names.filter((name) => !alarms.some((alarm) => alarm.name === name));
  const topicArns = new Set(alarms.flatMap((alarm) => alarm.topicArns));
  return { stackName, alarms, gone, topics: await Promise.all([...topicArns].map(readTopic)) };
}

async function readAlarms(AlarmNames: string[]): Promise<readonly Alarm[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(AWS_CLIENT).send(
    new DescribeAlarmsCommand({
      AlarmNames,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: MOST_ALARMS,
    }),
  );
  return [...CompositeAlarms, ...MetricAlarms].map(toAlarm);
}

function toAlarm(alarm: CompositeAlarm) {
  return {
    name: alarm.AlarmName ?? '',
    arn: alarm.AlarmArn ?? '',
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    isSilenced: alarm.ActionsEnabled === false,
    /** The impact, and where the runbook says what to do. */
    description: alarm.AlarmDescription ?? '',
    topicArns: (alarm.AlarmActions ?? []).filter((action) => /^arn:[^:]+:sns:/.test(action)),
    /** Of a composite alarm: it fires when others do. */
    rule: alarm.AlarmRule,
  };
}
