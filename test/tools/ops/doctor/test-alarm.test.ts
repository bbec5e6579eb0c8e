import { expect, onTestFinished, test } from 'vitest';
import type { Alarm } from '../../../../tools/ops/doctor/alarms.ts';
import type { Finding } from '../../../../tools/ops/doctor/finding.ts';
import { chooseAlarm, testAlarm } from '../../../../tools/ops/doctor/test-alarm.ts';
import { stubAws } from '../../../support/aws-environment.ts';
import { startCannedAws } from '../../../support/canned-aws.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:topic';
const alarm: Alarm = {
  name: 'TooLarge',
  arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:TooLarge',
  state: 'OK',
  isSilenced: false,
  description: '',
  topicArns: [TOPIC],
  rule: undefined,
};
const composite: Alarm = { ...alarm, name: 'NotReceived', rule: 'ALARM("arn:…:alarm:Errors")' };
const watched: Alarm = { ...alarm, name: 'Errors' };

const ACTION = { Timestamp: 1_000, HistoryItemType: 'Action', AlarmName: 'TooLarge' };
const EARLIER = { ...ACTION, HistorySummary: `Successfully executed action ${TOPIC}` };
const TOLD = { ...EARLIER, Timestamp: 2_000 };
const FAILED = {
  ...ACTION,
  HistorySummary: `Failed to execute action ${TOPIC}. Received error: "not authorized to perform: SNS:Publish"`,
};

interface Given {
  readonly after?: readonly object[];
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  /** Is called while CloudWatch sets the state; false: its answer is an error. */
  readonly onSet?: (state: string) => boolean;
}

/** A CloudWatch that remembers the states it was given, and says `after` of an alarm after it was set off. */
async function run({ after = [], waitMs, signal = new AbortController().signal, onSet }: Given) {
  const states: string[] = [];
  const { endpoint, stop } = await startCannedAws(({ action, input }) => {
    if (action !== 'SetAlarmState') {
      return [200, { AlarmHistoryItems: states.length === 0 ? [EARLIER] : [EARLIER, ...after] }];
    }
    states.push(String(input.StateValue));
    return onSet?.(String(input.StateValue)) === false ? [400, { __type: 'InternalFailure' }] : [200, {}];
  });
  stubAws({ AWS_ENDPOINT_URL_CLOUDWATCH: endpoint });
  onTestFinished(stop);
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const failure = await testAlarm({ alarms: [alarm], report, signal }, waitMs).catch(String);
  return { states, findings, failure };
}

test('sets an alarm off, reads that its topic was told, and puts it back', async () => {
  const { states, findings } = await run({ after: [TOLD] });
  expect(states).toEqual(['ALARM', 'OK']);
  expect(findings).toEqual([
    { kind: 'good', what: `Test alarm: TooLarge was set off, and CloudWatch told ${TOPIC}` },
    { kind: 'good', what: 'Test alarm: TooLarge is OK again' },
  ]);
});

test('names the error when CloudWatch may not tell the topic', async () => {
  const { states, findings } = await run({ after: [FAILED] });
  expect(states).toEqual(['ALARM', 'OK']);
  expect(findings[0]).toMatchObject({ kind: 'bad', what: expect.stringContaining('not authorized') });
});

test('does not take what the history said before for an answer', async () => {
  const { states, findings } = await run({ waitMs: 1 });
  expect(states).toEqual(['ALARM', 'OK']);
  expect(findings[0]).toMatchObject({ kind: 'bad', what: expect.stringContaining('says nothing of') });
});

test.each([
  ['while it waits', 100],
  ['while it is set off', 0],
])('puts the alarm back at Ctrl-C %s', async (_when, afterMs) => {
  const end = new AbortController();
  const onSet = (state: string) => {
    if (state === 'ALARM' && afterMs === 0) end.abort();
    else if (state === 'ALARM') setTimeout(() => end.abort(), afterMs);
    return true;
  };
  const { states, findings } = await run({ signal: end.signal, onSet });
  expect(states).toEqual(['ALARM', 'OK']);
  expect(findings.map(({ kind }) => kind)).toEqual(['bad', 'good']);
});

test('puts the alarm back when CloudWatch may have set it, and answered with an error', async () => {
  const { states, failure } = await run({ onSet: (state) => state !== 'ALARM' });
  expect(failure).toContain('InternalFailure');
  expect([states[0], states.at(-1)]).toEqual(['ALARM', 'OK']);
});

test('chooses one that no composite alarm watches, and none that fires or is silenced', () => {
  expect(chooseAlarm([composite, watched, alarm])).toBe(alarm);
  expect(chooseAlarm([composite, watched])).toBe(watched);
  expect(
    chooseAlarm([composite, { ...alarm, state: 'ALARM' }, { ...alarm, isSilenced: true }]),
  ).toBeUndefined();
});
