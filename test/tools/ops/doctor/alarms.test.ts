import { expect, test } from 'vitest';
import { type Alarm, alarmIdsOf, judgeAlarms, type Watch } from '../../../../tools/ops/doctor/alarms.ts';
import type { Topic } from '../../../../tools/ops/doctor/topics.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:topic';
const ALLOW = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: TOPIC,
};
const policy = (...Statement: unknown[]) => JSON.stringify({ Statement });

const slow: Alarm = {
  name: 'Slow',
  arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Slow',
  state: 'OK',
  isSilenced: false,
  description: 'Impact. What to do: docs/runbook.md#deliveries-are-slow',
  topicArns: [TOPIC],
  rule: undefined,
};
const composite: Alarm = { ...slow, name: 'NotReceived', rule: 'ALARM("Slow")' };
const topic: Topic = {
  arn: TOPIC,
  attributes: { policy: policy(ALLOW), keyId: undefined },
  subscribers: { confirmed: 1, unconfirmed: [] },
};

function judge(watch: Partial<Watch>, ...said: string[]) {
  const stackName = 'veriff-status-receiver-prod';
  return judgeAlarms({ stackName, alarms: [slow], gone: [], topics: [topic], ...watch }, new Set(said));
}
const judgeTopic = (change: Partial<Topic>) => judge({ topics: [{ ...topic, ...change }] });
const withKey = (keyId: string) => judgeTopic({ attributes: { policy: policy(ALLOW), keyId } });

test('is content when none fires and somebody is told', () => {
  expect(judge({})).toEqual([{ kind: 'good', what: 'Alarms: 1, none firing, 1 confirmed to be told' }]);
});

test('takes a stage without alarms for a decision, not for a fault', () => {
  expect(judge({ alarms: [], topics: [] })).toMatchObject([
    { kind: 'unchecked', what: expect.stringContaining('nobody is told') },
  ]);
});

test('says which alarm was deleted, and how the stack gets it back', () => {
  const deleted = {
    kind: 'bad',
    what: 'Alarms: TooLarge was deleted',
    todo: 'run "npx cdk deploy --revert-drift -c stage=prod"',
  };
  expect(judge({ gone: ['TooLarge'] })).toEqual([deleted]);
  expect(judge({ alarms: [], topics: [], gone: ['TooLarge'] })).toEqual([deleted]);
});

test('waits for data without complaint', () => {
  expect(judge({ alarms: [{ ...slow, state: 'INSUFFICIENT_DATA' }] })).toMatchObject([{ kind: 'good' }]);
});

test('is content with a topic that it may not read, and says so', () => {
  expect(judgeTopic({ attributes: undefined, subscribers: undefined })).toMatchObject([
    { kind: 'unchecked', what: expect.stringContaining('sns:GetTopicAttributes') },
    { kind: 'good' },
  ]);
});

test('cannot judge a key of your own, and says what it must allow', () => {
  expect(withKey('1234abcd-12ab')).toMatchObject([
    { kind: 'unchecked', what: expect.stringContaining('kms:GenerateDataKey*') },
    { kind: 'good' },
  ]);
});

test('says once what fires for one cause', () => {
  const firing = [composite, slow].map((alarm): Alarm => ({ ...alarm, state: 'ALARM' }));
  expect(judge({ alarms: firing })).toMatchObject([{ kind: 'bad', what: 'Alarm Slow' }]);
  expect(judge({ alarms: firing }, 'deliveries-are-slow')).toEqual([
    { kind: 'good', what: 'Alarms: 2, none firing for anything else, 1 confirmed to be told' },
  ]);
});

test.each<[string, () => ReturnType<typeof judge>, RegExp]>([
  [
    'a topic whose policy does nothing but refuse plain HTTP',
    () =>
      judgeTopic({
        attributes: {
          keyId: undefined,
          policy: policy({
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: TOPIC,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        },
      }),
    /does not let CloudWatch publish.*cdk deploy --revert-drift -c stage=prod.*aws:SourceAccount 123456789012/,
  ],
  ["AWS's key for SNS", () => withKey('alias/aws/sns'), /alias\/aws\/sns, which CloudWatch can't use/],
  [
    "the ARN of AWS's key for SNS",
    () => withKey('arn:aws:kms:eu-west-1:123456789012:alias/aws/sns'),
    /which CloudWatch can't use/,
  ],
  [
    'a topic in another Region',
    () => judge({ alarms: [{ ...slow, arn: slow.arn.replace('eu-west-1', 'us-east-1') }] }),
    /they are in us-east-1, their topic .* is in eu-west-1/,
  ],
  [
    'a topic that was deleted',
    () => judgeTopic({ attributes: 'gone' }),
    /got none; run "npx cdk deploy --revert/,
  ],
  ['alarms without a topic', () => judge({ topics: [] }), /no topic to tell/],
  [
    'an email address that has not confirmed',
    () => judgeTopic({ subscribers: { confirmed: 0, unconfirmed: ['ops@example.com'] } }),
    /ops@example.com has not/,
  ],
  [
    'a topic without subscribers',
    () => judgeTopic({ subscribers: { confirmed: 0, unconfirmed: [] } }),
    /nobody has subscribed/,
  ],
  [
    'alarms that tell nobody',
    () => judge({ alarms: [{ ...slow, isSilenced: true }] }),
    /actions of 1 are off/,
  ],
  [
    'an alarm that fires',
    () => judge({ alarms: [{ ...slow, state: 'ALARM' }] }),
    /^Alarm Slow; Impact\. What to do: docs/,
  ],
])('names %s', (_fault, findings, said) => {
  expect(
    findings().map((finding) => (finding.kind === 'bad' ? `${finding.what}; ${finding.todo}` : finding.kind)),
  ).toEqual([expect.stringMatching(said)]);
});

test('leaves the alarms of another receiver and of the owner to them', () => {
  expect(alarmIdsOf('Prod').test('ProdAlarmsSlow1A2B3C4D')).toBe(true);
  expect(alarmIdsOf('Prod').test('EuProdAlarmsSlow1A2B3C4D')).toBe(false);
  expect(alarmIdsOf('').test('ReceiverAlarmsSlow1A2B3C4D')).toBe(true);
  expect(alarmIdsOf('').test('Other')).toBe(false);
});
