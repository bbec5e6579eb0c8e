import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../infra/options.ts';
import { stages } from '../../infra/stages.ts';

const faults = (given: object) => checkOptions(given).faults;
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab';

test('have a default, but for what has no value unless it is given', () => {
  expect(checkOptions({}).options).toEqual({
    previousSecretGraceHours: 24,
    throttleRate: 50,
    throttleBurst: 100,
    logRetentionDays: 90,
    fifo: false,
    eventBus: false,
    subscriberAccounts: [],
    retiredKmsKeyArns: [],
    dashboard: false,
    tracing: true,
    allowedSources: [],
    retain: false,
  });
});

test.each([
  { secretName: 'prod-veriff' },
  { secretName: 'veriff/shared_secret+1=.@-' },
  { throttleRate: 1 },
  { throttleRate: 10_000 },
  { throttleBurst: 5_000 },
  { logRetentionDays: 3653 },
  { previousSecretGraceHours: 0 },
  { previousSecretGraceHours: 168 },
  { kmsKeyArn: KEY.replace('arn:aws:', 'arn:aws-us-gov:') },
  { retiredKmsKeyArns: [KEY, 'arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab'] },
  { alarms: { email: 'ops@example.com' } },
  {
    alarms: {
      topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call',
      runbookUrl: 'https://example.com/r.md',
    },
  },
  { domain: { name: 'veriff.example.com', certificateArn: CERTIFICATE, only: true } },
  { domain: { name: 'example.com', hostedZone: { id: 'Z1', name: 'example.com' } } },
  { allowedSources: ['veriff-eu', '203.0.113.0/24', '2001:db8::/32', '198.51.100.7'] },
  { throttleRate: undefined, domain: undefined },
])('can be %j', (given) => {
  const { options, faults } = checkOptions(given);
  expect(faults).toEqual([]);
  expect(options).toMatchObject(JSON.parse(JSON.stringify(given)));
});

describe('are refused with one sentence: the option, what came and what is allowed', () => {
  const rates = 'a whole number from 1 to 10000 (requests a second)';
  const names = 'the name of a secret (such as veriff/shared-secret), and not its ARN';
  const sources = 'veriff-eu, veriff-us, an address (203.0.113.7) or a range (203.0.113.0/24)';
  const hosts = 'a host name in lower case, such as veriff.example.com';
  const domain = { name: 'veriff.example.com' };

  test.each<[object, string, unknown, string]>([
    [{ fifo: 'true' }, 'fifo', 'true', 'true or false'],
    [{ eventBus: 1 }, 'eventBus', 1, 'true or false'],
    [{ throttleRate: '50' }, 'throttleRate', '50', rates],
    [{ throttleRate: 0 }, 'throttleRate', 0, rates],
    [{ throttleRate: 10_001 }, 'throttleRate', 10_001, rates],
    [{ throttleRate: 1.5 }, 'throttleRate', 1.5, rates],
    [{ throttleBurst: 0 }, 'throttleBurst', 0, 'a whole number from 1 to 5000 (requests)'],
    [
      { previousSecretGraceHours: null },
      'previousSecretGraceHours',
      null,
      'a whole number from 0 to 168 (hours)',
    ],
    [{ secretName: '' }, 'secretName', '', names],
    [
      { secretName: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod-veriff' },
      'secretName',
      'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod-veriff',
      names,
    ],
    [{ subscriberAccounts: '123456789012' }, 'subscriberAccounts', '123456789012', 'a list of account ids'],
    [{ subscriberAccounts: ['1'] }, 'subscriberAccounts.0', '1', 'an account id of 12 digits, in quotes'],
    [
      { kmsKeyArn: 'alias/mine' },
      'kmsKeyArn',
      'alias/mine',
      'the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)',
    ],
    [{ alarms: true }, 'alarms', true, 'an object'],
    [
      { alarms: { runbookUrl: 'https://example.com' } },
      'alarms',
      { runbookUrl: 'https://example.com' },
      'an object with email, topicArn or both, because otherwise nobody is told',
    ],
    [{ alarms: { email: 'me' } }, 'alarms.email', 'me', 'an email address'],
    [
      { alarms: { email: 'ops@example.com', runbookUrl: 'docs/runbook.md' } },
      'alarms.runbookUrl',
      'docs/runbook.md',
      'an https URL without a fragment (#…)',
    ],
    [{ domain }, 'domain', domain, 'an object with hostedZone or certificateArn'],
    [{ domain: { name: 'https://x', certificateArn: CERTIFICATE } }, 'domain.name', 'https://x', hosts],
    [
      { domain: { name: 'veriff.other.com', hostedZone: { id: 'Z1', name: 'example.com' } } },
      'domain.name',
      'veriff.other.com',
      'a name in the hostedZone',
    ],
    [{ allowedSources: ['veriff'] }, 'allowedSources.0', 'veriff', sources],
    [{ allowedSources: ['300.1.1.1'] }, 'allowedSources.0', '300.1.1.1', sources],
    [{ allowedSources: ['203.0.113.0/33'] }, 'allowedSources.0', '203.0.113.0/33', sources],
    [{ allowedSources: ['203.0.113.0/0'] }, 'allowedSources.0', '203.0.113.0/0', sources],
    [{ allowedSources: ['2001:db8::/129'] }, 'allowedSources.0', '2001:db8::/129', sources],
    [{ allowedSources: ['1.1.1.1/8/8'] }, 'allowedSources.0', '1.1.1.1/8/8', sources],
    [{ allowedSources: ['toString'] }, 'allowedSources.0', 'toString', sources],
    [{ name: 'a name' }, 'name', 'a name', '1 to 50 letters, digits, hyphens and underscores'],
  ])('%j', (given, option, came, allowed) => {
    expect(faults(given)).toEqual([`${option} is ${JSON.stringify(came)}, but it must be ${allowed}.`]);
  });

  test.each([0, 2, 91, 9999, '90'])('{"logRetentionDays":%j}', (came) => {
    expect(faults({ logRetentionDays: came })[0]).toMatch(
      `logRetentionDays is ${JSON.stringify(came)}, but it must be one of the days that CloudWatch Logs offers (1, 3, 5,`,
    );
  });
});

test('that do not exist are refused, also inside of one', () => {
  expect(faults({ throtleRate: 5 })).toEqual([
    'throtleRate is not an option: the type ReceiverProps lists all options.',
  ]);
  expect(faults({ alarms: { email: 'ops@example.com', topic: 'x' } })).toEqual([
    'alarms.topic is not an option: the type ReceiverProps lists all options.',
  ]);
});

test('of a stage have no name: the stack gives it', () => {
  expect(checkOptions({ name: 'mine' }, 'prod').faults).toEqual([
    'prod.name is not an option: the type Options lists all options.',
  ]);
});

test('name what they lack', () => {
  expect(faults({ domain: { certificateArn: CERTIFICATE } })).toEqual([
    'domain.name is missing, but it must be given.',
  ]);
});

test('name every fault at once, a sentence each', () => {
  expect(faults({ fifo: 'no', throttleRate: 0, retained: true })).toHaveLength(3);
});

test('take ARNs and names that only CloudFormation knows', () => {
  const stack = new Stack(new App(), 'Stack');
  const topic = new Topic(stack, 'Topic');
  const key = new Key(stack, 'Key');
  const given = {
    secretName: topic.topicName,
    kmsKeyArn: key.keyArn,
    retiredKmsKeyArns: [key.keyArn],
    alarms: { topicArn: topic.topicArn },
    domain: {
      name: 'veriff.example.com',
      certificateArn: topic.topicArn,
      hostedZone: { id: topic.topicName, name: topic.topicName },
    },
  };
  expect(faults(given)).toEqual([]);
});

test('each stand in the table of docs/configuration.md', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const { options } = checkOptions({ domain: undefined });
  const optional = ['secretName', 'kmsKeyArn', 'alarms', 'domain'];
  for (const option of [...Object.keys(options), ...optional]) {
    expect(page).toMatch(new RegExp(`^\\| [^|]*\`${option}\``, 'm'));
  }
});

test.each(Object.entries(stages))('of the stage %s are right', (_, options) => {
  expect(faults(options)).toEqual([]);
});
