import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../infra/config.ts';

const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:veriff/shared-secret-AbC123';

function refusal(context: Record<string, unknown>): string {
  try {
    readConfig(context);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error(`Expected ${JSON.stringify(context)} to be refused.`);
}

test('has a default for every key but the secret', () => {
  expect(readConfig({})).toEqual({
    stage: 'dev',
    throttleRate: 50,
    throttleBurst: 100,
    logRetentionDays: 90,
    previousSecretGraceHours: 24,
    fifo: false,
    eventBus: false,
    dashboard: false,
  });
});

test('reads strings, as the command line gives them, and numbers alike', () => {
  const numbers = { throttleRate: 10, throttleBurst: 20, logRetentionDays: 30, previousSecretGraceHours: 48 };
  const strings = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)]));
  expect(readConfig(strings)).toEqual(readConfig(numbers));
  expect(readConfig(numbers)).toMatchObject(numbers);
});

test.each([
  ['stage', 'prod'],
  ['stage', 'eu-2'],
  ['stage', 'a'.repeat(20)],
  ['secretArn', SECRET_ARN],
  ['secretArn', SECRET_ARN.replace('arn:aws:', 'arn:aws-us-gov:')],
  ['throttleRate', 1],
  ['throttleRate', 10_000],
  ['throttleBurst', 1],
  ['throttleBurst', 5_000],
  ['logRetentionDays', 1],
  ['logRetentionDays', 3653],
  ['previousSecretGraceHours', 0],
  ['previousSecretGraceHours', 168],
  ['fifo', true],
  ['fifo', false],
  ['eventBus', true],
  ['kmsKeyArn', 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['kmsKeyArn', 'arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab'],
])('allows %s to be %j', (key, value) => {
  expect(readConfig({ [key]: value })).toHaveProperty(key, value);
});

describe('refuses a wrong value with one sentence: the key, what came and what is allowed', () => {
  const stages = '1 to 20 lower-case letters, digits and inner hyphens that start with a letter';
  const prod = '"prod", the one stage that retains its data';
  const arns =
    'the full ARN of a secret, suffix included (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>)';
  const rates = 'a whole number from 1 to 10000 (requests a second)';
  const bursts = 'a whole number from 1 to 5000 (requests)';
  const hours = 'a whole number from 0 to 168 (hours)';

  test.each([
    ['fifo', 'yes', 'true or false'],
    ['fifo', 1, 'true or false'],
    ['eventBus', '', 'true or false'],
    ['subscriberAccounts', '12345', 'account ids of 12 digits, separated by commas'],
    ['subscriberAccounts', '123456789012;210987654321', 'account ids of 12 digits, separated by commas'],
    ['kmsKeyArn', 'alias/mine', 'the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)'],
    ['stage', 'Prod', stages],
    ['stage', '', stages],
    ['stage', '2nd', stages],
    ['stage', 'a-', stages],
    ['stage', 'a'.repeat(21), stages],
    ['stage', 7, stages],
    ['stage', 'production', prod],
    ['stage', 'live', prod],
    ['secretArn', '', arns],
    ['secretArn', 'veriff/shared-secret', arns],
    ['secretArn', SECRET_ARN.replace(/veriff.*/, 'veriff'), arns],
    ['secretArn', SECRET_ARN.slice(0, -7), arns],
    ['secretArn', SECRET_ARN.replace('123456789012', '1234'), arns],
    ['secretArn', `${SECRET_ARN}\n`, arns],
    ['throttleRate', 'fast', rates],
    ['throttleRate', '', rates],
    ['throttleRate', 0, rates],
    ['throttleRate', 10_001, rates],
    ['throttleRate', 1.5, rates],
    ['throttleRate', '-1', rates],
    ['throttleRate', true, rates],
    ['throttleBurst', 0, bursts],
    ['throttleBurst', '5001', bursts],
    ['previousSecretGraceHours', -1, hours],
    ['previousSecretGraceHours', '169', hours],
    ['previousSecretGraceHours', null, hours],
  ])('%s: %j', (key, came, allowed) => {
    expect(refusal({ [key]: came })).toBe(`${key} is ${JSON.stringify(came)}, but it must be ${allowed}.`);
  });

  test.each([0, 2, 91, 9999, '90 days'])('logRetentionDays: %j', (came) => {
    expect(refusal({ logRetentionDays: came })).toMatch(
      `logRetentionDays is ${JSON.stringify(came)}, but it must be one of the days that CloudWatch Logs offers (1, 3, 5,`,
    );
  });
});

test('names every wrong key at once, a line each', () => {
  const lines = refusal({ stage: 'X', throttleRate: 0 }).split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['stage', 'throttleRate']);
});

test.each([
  ['throtleRate', 'throttleRate'],
  ['throttlerate', 'throttleRate'],
  ['trottleBurst', 'throttleBurst'],
  ['secretARN', 'secretArn'],
  ['logRetentionDay', 'logRetentionDays'],
  ['stages', 'stage'],
])('does not pass over %s, a misspelt %s', (key, meant) => {
  expect(refusal({ [key]: 5 })).toBe(
    `${key} is not a key of this stack, but ${meant} is: did you mean that?`,
  );
});

test.each(['@aws-cdk/aws-iam:minimizePolicies', 'aws:cdk:enable-path-metadata', 'owner', 'cli-telemetry'])(
  'leaves %s alone, which belongs to others',
  (key) => {
    expect(readConfig({ [key]: true })).toEqual(readConfig({}));
  },
);

test('reads true and false as the command line gives them', () => {
  expect(readConfig({ fifo: 'true' }).fifo).toBe(true);
  expect(readConfig({ fifo: 'false' }).fifo).toBe(false);
});

test('reads account ids from a list with commas', () => {
  const ids = ['123456789012', '210987654321'];
  expect(readConfig({ subscriberAccounts: ids.join(', ') }).subscriberAccounts).toEqual(ids);
});
