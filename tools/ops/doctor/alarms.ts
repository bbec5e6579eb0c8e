import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift } from '../drift.ts';
import type { Stack, Target } from '../stack.ts';
import { bad, type Finding, good, sectionOf, unchecked } from './finding.ts';
import { resourcesOf } from './resources.ts';
import { judgeTopic, readTopic, type Topic } from './topics.ts';

/** CloudWatch describes no more alarms in one call. */
const MOST_ALARMS = 100;
const ALARM = /^AWS::CloudWatch::(Composite)?Alarm$/;

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly state: string;
  readonly isSilenced: boolean;
  /** The impact, and where the runbook says what to do. */
  readonly description: string;
  readonly topicArns: readonly string[];
  /** Of a composite alarm: it fires when others do. */
  readonly rule?: string | undefined;
}

export interface Watch {
  readonly stackName: string;
  readonly alarms: readonly Alarm[];
  /** Names of those that the stack has and CloudWatch doesn't. */
  readonly gone: readonly string[];
  readonly topics: readonly Topic[];
}

/** The stack's alarms and whom they tell; undefined: alarms exist only in AWS. */
export async function readWatch(target: Target, stack: Stack): Promise<Watch | undefined> {
  if (!('name' in target)) return undefined;
  const { alarms, gone } = await readAlarms(stack);
  const topics = new Set(alarms.flatMap(({ topicArns }) => topicArns));
  return { stackName: stack.name, alarms, gone, topics: await Promise.all([...topics].map(readTopic)) };
}

/**
 * Whether somebody is told when it fails, and whether it fails now.
 * @param said sections of the runbook that were named before: what fires for the same is not said again
 */
export function judgeAlarms(watch: Watch | undefined, said: ReadonlySet<string>): readonly Finding[] {
  if (watch === undefined) return [unchecked('Alarms: not checked: alarms exist only in AWS')];
  const { stackName, alarms, gone, topics } = watch;
  const deleted = gone.map((name) => bad(`Alarms: ${name} was deleted`, revertDrift(stackName)));
  if (alarms.length === 0) {
    if (deleted.length > 0) return deleted;
    return [unchecked('Alarms: there are none, nobody is told of faults; the option "alarms" makes them')];
  }
  const arnsFor = (topic: string) =>
    alarms.filter(({ topicArns }) => topicArns.includes(topic)).map(({ arn }) => arn);
  const findings: Finding[] = [
    ...deleted,
    ...topics.flatMap((topic) => judgeTopic(topic, arnsFor(topic.arn), stackName)),
  ];
  if (topics.length === 0) {
    findings.push(
      bad('Alarms: they have no topic to tell', 'give the option "alarms" an email or a topicArn'),
    );
  }
  const silenced = alarms.filter(({ isSilenced }) => isSilenced);
  if (silenced.length > 0) {
    findings.push(
      bad(`Alarms: the actions of ${silenced.length} are off`, 'turn them on again in CloudWatch'),
    );
  }
  findings.push(...judgeStates(alarms, said));
  if (findings.some(({ kind }) => kind === 'bad')) return findings;
  const counts = topics.map(({ subscribers }) => subscribers?.confirmed);
  const who = counts.includes(undefined)
    ? 'who is told is not known here'
    : `${counts.reduce((sum: number, count = 0) => sum + count, 0)} confirmed to be told`;
  const firing = alarms.some(({ state }) => state === 'ALARM')
    ? 'none firing for anything else'
    : 'none firing';
  return [...findings, good(`Alarms: ${alarms.length}, ${firing}, ${who}`)];
}

function judgeStates(alarms: readonly Alarm[], said: ReadonlySet<string>): readonly Finding[] {
  const firing = alarms.filter(({ state }) => state === 'ALARM');
  const isSingle = ({ rule }: Alarm) => rule === undefined;
  // A composite alarm fires for what the others say.
  return (firing.some(isSingle) ? firing.filter(isSingle) : firing)
    .filter(({ description }) => !said.has(sectionOf(description) ?? ''))
    .map(({ name, description }) => bad(`Alarm ${name}`, description));
}

async function readAlarms({ name: stackName, receiver }: Stack): Promise<Pick<Watch, 'alarms' | 'gone'>> {
  const [{ CloudWatchClient, DescribeAlarmsCommand }, resources] = await Promise.all([
    import('@aws-sdk/client-cloudwatch'),
    resourcesOf(stackName),
  ]);
  const names = resources
    .filter(({ ResourceType = '' }) => ALARM.test(ResourceType))
    // A stack may hold other receivers, and alarms of its owner.
    .filter(({ LogicalResourceId = '' }) => LogicalResourceId.includes(`${receiver}Alarms`))
    // Some resources are known by their ARN.
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId.replace(/^arn:.*:alarm:/, ''));
  if (names.length === 0) return { alarms: [], gone: [] };
  const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(AWS_CLIENT).send(
    new DescribeAlarmsCommand({
      AlarmNames: names,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: MOST_ALARMS,
    }),
  );
  const composite = CompositeAlarms.map(({ AlarmRule = '', ...alarm }) => ({ ...alarm, rule: AlarmRule }));
  const single = MetricAlarms.map((alarm) => ({ ...alarm, rule: undefined }));
  const alarms = [...composite, ...single].map((alarm) => ({
    name: alarm.AlarmName ?? '',
    arn: alarm.AlarmArn ?? '',
    state: alarm.StateValue ?? '',
    isSilenced: alarm.ActionsEnabled === false,
    description: alarm.AlarmDescription ?? '',
    topicArns: (alarm.AlarmActions ?? []).filter((action) => /^arn:[^:]+:sns:/.test(action)),
    rule: alarm.rule,
  }));
  return { alarms, gone: names.filter((name) => !alarms.some((alarm) => alarm.name === name)) };
}
