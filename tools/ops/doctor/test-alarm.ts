import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchClient, StateValue } from '@aws-sdk/client-cloudwatch';
import { sentenceOf } from '../../cli/failure.ts';
import { listen } from '../../cli/interrupt.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import type { Alarm, Watch } from './alarms.ts';
import { bad, type Finding, good } from './finding.ts';

const REASON = 'npm run doctor -- --test-alarm: a test, nothing is wrong';
/** From setting it off until its history must say what became of its action. */
const HISTORY_MS = 60_000;
const POLL_MS = 2_000;

/** An alarm that no composite alarm watches, so that one mail comes and not two. */
export function chooseAlarm(alarms: readonly Alarm[]): Alarm | undefined {
  const usable = alarms.filter(
    ({ state, isSilenced, topicArns, rule }) =>
      rule === undefined && state !== 'ALARM' && !isSilenced && topicArns.length > 0,
  );
  const isWatched = ({ name }: Alarm) => alarms.some(({ rule }) => rule?.includes(name));
  return usable.find((alarm) => !isWatched(alarm)) ?? usable[0];
}

/** Sets an alarm off, and reads in its history whether those were told who should be; puts it back, at Ctrl-C, too. */
export async function* testAlarm(watch: Watch | undefined, waitMs = HISTORY_MS): AsyncGenerator<Finding> {
  const alarm = chooseAlarm(watch?.alarms ?? []);
  if (alarm === undefined) {
    return yield bad(
      'Test alarm: there is none that could be set off',
      'mend what is said of the alarms first',
    );
  }
  const { CloudWatchClient, SetAlarmStateCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient(AWS_CLIENT);
  const set = (state: string) =>
    client.send(
      new SetAlarmStateCommand({ AlarmName: alarm.name, StateValue: stateOf(state), StateReason: REASON }),
    );
  // CloudWatch's clock is not this machine's: what is new is told from what was there before.
  const before = new Set((await actionsIn(client, alarm)).map(({ key }) => key));
  await set('ALARM');
  const interrupt = new AbortController();
  const unlisten = listen({ first: () => interrupt.abort() });
  try {
    const told = new Map<string, string>();
    for (const endsAt = Date.now() + waitMs; Date.now() < endsAt && !interrupt.signal.aborted; ) {
      for (const { key, topic, summary } of await actionsIn(client, alarm)) {
        if (!before.has(key)) told.set(topic, summary);
      }
      if (told.size === alarm.topicArns.length) break;
      await sleep(POLL_MS, undefined, { signal: interrupt.signal }).catch(() => {});
    }
    yield judgeActions(alarm, told, interrupt.signal);
  } finally {
    const putBack = await set(alarm.state).then(
      () => good(`Test alarm: ${alarm.name} is ${alarm.state} again`),
      (error: unknown) =>
        bad(
          `Test alarm: ${alarm.name} was not put back: ${sentenceOf(error)}`,
          `CloudWatch does it with the next value, or run "aws cloudwatch set-alarm-state --alarm-name '${alarm.name}' --state-value ${alarm.state} --state-reason test"`,
        ),
    );
    unlisten();
    yield putBack;
  }
}

const STATES: readonly StateValue[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

function stateOf(state: string): StateValue {
  return STATES.find((one) => one === state) ?? 'INSUFFICIENT_DATA';
}

/** What the history says that the alarm told its topics. */
async function actionsIn(client: CloudWatchClient, { name, topicArns }: Alarm) {
  const { DescribeAlarmHistoryCommand } = await import('@aws-sdk/client-cloudwatch');
  const { AlarmHistoryItems = [] } = await client.send(
    new DescribeAlarmHistoryCommand({ AlarmName: name, HistoryItemType: 'Action' }),
  );
  return AlarmHistoryItems.flatMap(({ Timestamp, HistorySummary: summary = '' }) => {
    const topic = topicArns.find((arn) => summary.includes(arn));
    return topic === undefined ? [] : [{ key: `${Timestamp?.getTime()} ${summary}`, topic, summary }];
  });
}

function judgeActions(alarm: Alarm, told: ReadonlyMap<string, string>, { aborted }: AbortSignal): Finding {
  if (aborted) return bad(`Test alarm: ${alarm.name} was set off, then it was interrupted`, 'run it again');
  const failed = [...told.values()].find((summary) => !/^Success/i.test(summary));
  if (failed !== undefined) {
    return bad(`Test alarm: ${alarm.name} was set off: ${failed}`, "mend the topic's policy or its key");
  }
  const silent = alarm.topicArns.find((arn) => !told.has(arn));
  if (silent !== undefined) {
    return bad(
      `Test alarm: ${alarm.name} was set off, and its history says nothing of ${silent}`,
      'run it again; if it stays so, look at the history of the alarm in CloudWatch',
    );
  }
  return good(`Test alarm: ${alarm.name} was set off, and CloudWatch told ${alarm.topicArns.join(' and ')}`);
}
