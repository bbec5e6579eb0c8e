import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { isDenied, sentenceOf } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import type { Alarm } from './alarms.ts';
import { bad, type Finding, good, type Report } from './finding.ts';

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

/** Sets an alarm off, and reads in its history whether those were told who should be; puts it back, whatever happens. */
export async function testAlarm(
  alarms: readonly Alarm[],
  report: Report,
  signal: AbortSignal,
  waitMs = HISTORY_MS,
): Promise<void> {
  const alarm = chooseAlarm(alarms);
  if (alarm === undefined) {
    const todo = 'mend what is said of the alarms first';
    return report(bad('Test alarm: there is none that could be set off', todo));
  }
  const { name, state, topicArns } = alarm;
  const client = new CloudWatchClient(AWS_CLIENT);
  const set = (StateValue: StateValue) =>
    client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason: REASON }));
  // CloudWatch's clock is not this machine's: what is new is told from what was there before.
  const before = await actionsOf(client, name);
  const putBack = () =>
    set(state).then(
      () => report(good(`Test alarm: ${name} is ${state} again`)),
      (error: unknown) =>
        report(
          bad(
            `Test alarm: ${name} was not put back: ${sentenceOf(error)}`,
            `CloudWatch does it with the next value, or run "aws cloudwatch set-alarm-state --alarm-name '${name}' --state-value ${state} --state-reason test"`,
          ),
        ),
    );
  if (signal.aborted) return;
  await set('ALARM').catch(async (error: unknown) => {
    // CloudWatch may have set it, and its answer was lost.
    if (!isDenied(error)) await putBack();
    throw error;
  });
  try {
    let actions: readonly string[] = [];
    const isComplete = () => topicArns.every((arn) => actions.some((action) => action.includes(arn)));
    for (const endsAt = Date.now() + waitMs; Date.now() < endsAt && !signal.aborted; ) {
      actions = (await actionsOf(client, name)).filter((action) => !before.includes(action));
      if (isComplete()) break;
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
    report(judgeActions(alarm, actions, signal));
  } finally {
    await putBack();
  }
}

/** When and what, as its history says it. */
async function actionsOf(client: CloudWatchClient, AlarmName: string): Promise<readonly string[]> {
  const command = new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: 'Action' });
  const { AlarmHistoryItems = [] } = await client.send(command);
  return AlarmHistoryItems.map(
    ({ Timestamp, HistorySummary }) => `${Timestamp?.toISOString()} ${HistorySummary}`,
  );
}

function judgeActions(
  { name, topicArns }: Alarm,
  actions: readonly string[],
  { aborted }: AbortSignal,
): Finding {
  if (aborted) return bad(`Test alarm: ${name} was set off, then it was interrupted`, 'run it again');
  const failed = actions.find((action) => !/^\S+ Success/i.test(action));
  if (failed !== undefined) {
    return bad(`Test alarm: ${name} was set off: ${failed}`, "mend the topic's policy or its key");
  }
  const silent = topicArns.find((arn) => !actions.some((action) => action.includes(arn)));
  if (silent !== undefined) {
    return bad(
      `Test alarm: ${name} was set off, and its history says nothing of ${silent}`,
      'run it again; if it stays so, look at the history of the alarm in CloudWatch',
    );
  }
  return good(`Test alarm: ${name} was set off, and CloudWatch told ${topicArns.join(' and ')}`);
}
