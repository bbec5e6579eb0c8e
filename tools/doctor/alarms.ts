import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Target } from '../stack.ts';
import { bad, type Finding, good, unchecked } from './finding.ts';

/** CloudWatch describes no more alarms in one call. */
const MOST_ALARMS = 100;
const ALARM = /^AWS::CloudWatch::(Composite)?Alarm$/;

interface Alarm {
  readonly name: string;
  readonly state: string;
  readonly isSilenced: boolean;
  /** The impact, and where the runbook says what to do. */
  readonly description: string;
}

export interface Watch {
  readonly alarms: readonly Alarm[];
  /** How many of those who are told have confirmed; undefined: not to be found out, the topic is someone else's. */
  readonly confirmed: number | undefined;
  readonly unconfirmed: readonly string[];
}

/** Whether somebody is told when it fails, and whether it fails now. */
export async function checkAlarms(target: Target): Promise<readonly Finding[]> {
  return 'name' in target
    ? judgeAlarms(await readWatch(target.name))
    : [unchecked('Alarms: not checked: alarms exist only in AWS')];
}

export function judgeAlarms({ alarms, confirmed, unconfirmed }: Watch): readonly Finding[] {
  if (alarms.length === 0) {
    return [
      bad(
        'Alarms: there are none, nobody is told of faults',
        'give the stage alarms in infra/stages.ts, and deploy it',
      ),
    ];
  }
  const findings: Finding[] = [];
  for (const endpoint of unconfirmed) {
    findings.push(bad(`Alarms: ${endpoint} has not confirmed`, 'click the link that AWS mailed there'));
  }
  if (confirmed === 0 && unconfirmed.length === 0) {
    findings.push(bad('Alarms: nobody has subscribed to their topic', 'subscribe somebody to it'));
  }
  const silenced = alarms.filter(({ isSilenced }) => isSilenced);
  if (silenced.length > 0) {
    findings.push(
      bad(`Alarms: the actions of ${silenced.length} are off`, 'turn them on again in CloudWatch'),
    );
  }
  for (const { name, description } of alarms.filter(({ state }) => state === 'ALARM')) {
    findings.push(bad(`Alarm ${name}`, description));
  }
  if (findings.length > 0) return findings;
  const who = confirmed === undefined ? 'who is told is not known here' : `${confirmed} confirmed to be told`;
  return [good(`Alarms: ${alarms.length}, none firing, ${who}`)];
}

async function readWatch(stackName: string): Promise<Watch> {
  const [{ CloudWatchClient, DescribeAlarmsCommand }, resources] = await Promise.all([
    import('@aws-sdk/client-cloudwatch'),
    resourcesOf(stackName),
  ]);
  // Some resources are known by their ARN.
  const names = resources
    .filter(({ ResourceType = '' }) => ALARM.test(ResourceType))
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId.replace(/^arn:.*:alarm:/, ''));
  if (names.length === 0) return { alarms: [], confirmed: 0, unconfirmed: [] };
  const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient().send(
    new DescribeAlarmsCommand({
      AlarmNames: names,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: MOST_ALARMS,
    }),
  );
  const found = [...CompositeAlarms, ...MetricAlarms];
  return {
    alarms: found.map(({ AlarmName = '', StateValue = '', ActionsEnabled, AlarmDescription = '' }) => ({
      name: AlarmName,
      state: StateValue,
      isSilenced: ActionsEnabled === false,
      description: AlarmDescription,
    })),
    ...(await subscribersOf(new Set(found.flatMap(({ AlarmActions = [] }) => AlarmActions)))),
  };
}

async function resourcesOf(StackName: string): Promise<readonly StackResourceSummary[]> {
  const { CloudFormationClient, paginateListStackResources } = await import('@aws-sdk/client-cloudformation');
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources(
    { client: new CloudFormationClient() },
    { StackName },
  )) {
    resources.push(...(page.StackResourceSummaries ?? []));
  }
  return resources;
}

async function subscribersOf(topics: ReadonlySet<string>): Promise<Omit<Watch, 'alarms'>> {
  const { paginateListSubscriptionsByTopic, SNSClient } = await import('@aws-sdk/client-sns');
  const unconfirmed: string[] = [];
  let confirmed = 0;
  try {
    for (const TopicArn of topics) {
      for await (const page of paginateListSubscriptionsByTopic({ client: new SNSClient() }, { TopicArn })) {
        for (const { SubscriptionArn = '', Endpoint = '' } of page.Subscriptions ?? []) {
          if (SubscriptionArn.startsWith('arn:')) confirmed += 1;
          else if (SubscriptionArn === 'PendingConfirmation') unconfirmed.push(Endpoint);
        }
      }
    }
    return { confirmed, unconfirmed };
  } catch (error) {
    // An existing topic (alarms.topicArn) may belong to another account, which needn't let us list its subscribers.
    if (!(error instanceof Error) || !/Authorization/.test(error.name)) throw error;
    return { confirmed: undefined, unconfirmed };
  }
}
