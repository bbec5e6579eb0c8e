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
import { bad, type Examination, type Finding, good } from './finding.ts';

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
  { alarms, report, signal }: Pick<Examination, 'alarms' | 'report' | 'signal'>,
  waitMs = HISTORY_MS,
): Promise<void> {
  if (alarms === undefined) return;
  const alarm = chooseAlarm(alarms);
  if (alarm === undefined) {
    const todo = 'mend what is said of the alarms first';
    return report(bad('Test alarm: there is none that could be set off', todo));
  }
  const { name, state, topicArns } = alarm;
  const client = new CloudWatchClient(AWS_CLIENT);
  const set = (StateValue: StateValue) =>
    client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason: REASON }));
  const putBack = async () => {
    const failure = await set(state).then(() => undefined, sentenceOf);
    report(
      failure === undefined
        ? good(`Test alarm: ${name} is ${state} again`)
        : bad(
            `Test alarm: ${name} was not put back: ${failure}`,
            `CloudWatch does it with the next value, or run "aws cloudwatch set-alarm-state --alarm-name '${name}' --state-value ${state} --state-reason test"`,
          ),
    );
  };
  // CloudWatch's clock is not this machine's: what is new is told from what was there before.
  const before = await actionsOf(client, name);
  if (signal.aborted) return;
  await set('ALARM').catch(async (error: unknown) => {
    // CloudWatch may have set it, and its answer was lost.
    if (!isDenied(error)) await putBack();
    throw error;
  });
  try {
    for (const endsAt = Date.now() + waitMs; ; ) {
      const actions = (await actionsOf(client, name)).filter((action) => !before.includes(action));
      const silent = topicArns.find((arn) => !actions.some((action) => action.includes(arn)));
      if (silent === undefined || Date.now() >= endsAt || signal.aborted) {
        return report(judgeActions(alarm, actions, silent, signal));
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
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

/** @param silent a topic of which its history says nothing */
function judgeActions(
  { name, topicArns }: Alarm,
  actions: readonly string[],
  silent: string | undefined,
  { aborted }: AbortSignal,
): Finding {
  const said = `Test alarm: ${name} was set off`;
  if (aborted) return bad(`${said}, then it was interrupted`, 'run it again');
  const failed = actions.find((action) => !/^\S+ Success/i.test(action));
  if (failed !== undefined) return bad(`${said}: ${failed}`, "mend the topic's policy or its key");
  if (silent === undefined) return good(`${said}, and CloudWatch told ${topicArns.join(' and ')}`);
  return bad(
    `${said}, and its history says nothing of ${silent}`,
    'run it again; if it stays so, look at the history of the alarm in CloudWatch',
  );
}
