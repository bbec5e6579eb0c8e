import { expect, test } from 'vitest';
import { letsCloudWatchPublish, UNKNOWN } from '../../../../tools/ops/doctor/topic-policy.ts';

const topicArn = 'arn:aws:sns:eu-west-1:123456789012:topic';
const alarmArn = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Slow';
const allow = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: topicArn,
};
const deny = { ...allow, Effect: 'Deny', Principal: '*' };

const judge = (...Statement: unknown[]) =>
  letsCloudWatchPublish(JSON.stringify({ Version: '2012-10-17', Statement }), { topicArn, alarmArn });

/** The policy that SNS gives to a topic that is made without one. */
const BY_DEFAULT = {
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: ['SNS:GetTopicAttributes', 'SNS:Subscribe', 'SNS:Publish'],
  Resource: topicArn,
  Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
};

test.each<[string, unknown]>([
  ["SNS's own statement", BY_DEFAULT],
  ['the service', allow],
  [
    'one of several services',
    { ...allow, Principal: { Service: ['s3.amazonaws.com', 'cloudwatch.amazonaws.com'] } },
  ],
  ['everybody', { ...allow, Principal: '*' }],
  ['every action', { ...allow, Action: '*' }],
  ['an action in other letters', { ...allow, Action: 'SNS:Pub*' }],
  ['a resource by pattern', { ...allow, Resource: 'arn:aws:sns:*:123456789012:*' }],
  ['the account', { ...allow, Condition: { StringEquals: { 'aws:SourceAccount': ['1', '123456789012'] } } }],
  [
    'its alarms',
    { ...allow, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:123456789012:alarm:*' } } },
  ],
  ['every other account but one', { ...allow, Condition: { StringNotEquals: { 'aws:SourceAccount': '1' } } }],
])('lets CloudWatch publish where the policy allows %s', (_what, statement) => {
  expect(judge(statement)).toBe(1);
});

test('is not kept from it by a statement that refuses plain HTTP', () => {
  expect(judge(allow, { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } })).toBe(1);
});

test.each<[string, unknown[]]>([
  ['no statement', []],
  ['another service', [{ ...allow, Principal: { Service: 'events.amazonaws.com' } }]],
  ['an account only', [{ ...allow, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }]],
  ['another action', [{ ...allow, Action: 'sns:Subscribe' }]],
  ['another topic', [{ ...allow, Resource: `${topicArn}-2` }]],
  ['another account', [{ ...allow, Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }]],
  ['another alarm', [{ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `${alarmArn}-2` } } }]],
  ['it, and then denies it', [allow, deny]],
])('does not where it allows %s', (_what, statements) => {
  expect(judge(...statements)).toBe(0);
});

test.each<[string, unknown[]]>([
  [
    'a condition on what it does not know',
    [{ ...allow, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1' } } }],
  ],
  [
    'a Deny with such a condition',
    [allow, { ...deny, Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1' } } }],
  ],
  ['NotPrincipal', [{ ...allow, Principal: undefined, NotPrincipal: '*' }]],
])('does not guess with %s', (_what, statements) => {
  expect(judge(...statements)).toBe(UNKNOWN);
});

test('does not guess with a policy that it cannot read', () => {
  expect(letsCloudWatchPublish('', { topicArn, alarmArn })).toBe(UNKNOWN);
});
