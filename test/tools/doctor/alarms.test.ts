import { expect, test } from 'vitest';
import { checkAlarms, judgeAlarms, type Watch } from '../../../tools/doctor/alarms.ts';

const alarm = {
  name: 'Slow',
  state: 'OK',
  isSilenced: false,
  description: 'Impact. What to do: docs/runbook.md#x',
};

function judge(watch: Partial<Watch>) {
  return judgeAlarms({ alarms: [alarm], confirmed: 1, unconfirmed: [], ...watch });
}

test('is content when none fires and somebody is told', () => {
  expect(judge({})).toEqual([{ kind: 'good', what: 'Alarms: 1, none firing, 1 confirmed to be told' }]);
});

test('is content with a topic whose subscribers it may not list', () => {
  expect(judge({ confirmed: undefined })).toMatchObject([{ kind: 'good' }]);
});

test('waits for data without complaint', () => {
  expect(judge({ alarms: [{ ...alarm, state: 'INSUFFICIENT_DATA' }] })).toMatchObject([{ kind: 'good' }]);
});

test.each<[string, Partial<Watch>, RegExp]>([
  ['no alarms', { alarms: [] }, /there are none, nobody is told/],
  [
    'a mail address that has not confirmed',
    { confirmed: 0, unconfirmed: ['ops@example.com'] },
    /ops@example.com has not/,
  ],
  ['a topic without subscribers', { confirmed: 0 }, /nobody has subscribed/],
  ['alarms that tell nobody', { alarms: [{ ...alarm, isSilenced: true }] }, /actions of 1 are off/],
  [
    'an alarm that fires',
    { alarms: [{ ...alarm, state: 'ALARM' }] },
    /^Alarm Slow; Impact\. What to do: docs/,
  ],
])('names %s', (_fault, watch, said) => {
  const findings = judge(watch);
  expect(
    findings.map((finding) => (finding.kind === 'bad' ? `${finding.what}; ${finding.todo}` : finding.kind)),
  ).toEqual([expect.stringMatching(said)]);
});

test('says on this machine that there are none to check', async () => {
  expect(await checkAlarms({ localPort: 3000 })).toMatchObject([{ kind: 'unchecked' }]);
});
