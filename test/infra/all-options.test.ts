import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { checkOptions, type Options } from '../../infra/options.ts';
import { synthesize } from './synthesize.ts';

const EVERY_OPTION = {
  secretName: 'veriff/shared-secret',
  previousSecretGraceHours: 48,
  throttleRate: 100,
  throttleBurst: 200,
  logRetentionDays: 365,
  fifo: true,
  eventBus: true,
  subscriberAccounts: ['111111111111', '222222222222'],
  kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  retiredKmsKeyArns: ['arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab'],
  alarms: {
    email: 'ops@example.com',
    topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call',
    runbookUrl: 'https://example.com/runbook.md',
  },
  dashboard: true,
  tracing: false,
  domain: {
    name: 'veriff.example.com',
    hostedZone: { id: 'Z0123456789ABC', name: 'example.com' },
    only: true,
  },
  allowedSources: ['veriff-eu', 'veriff-us', '2001:db8::/32'],
  retain: true,
} satisfies Required<Options>;

/** Resources that an option does without. */
const REPLACED = ['AWS::SecretsManager::Secret'];

test("pass cdk-nag's and CloudFormation's checks, all on: the synthesis throws otherwise", () => {
  expect(() => synthesize(EVERY_OPTION)).not.toThrow();
});

test.each(Object.entries(EVERY_OPTION))('pass them with %s alone', (name, value) => {
  expect(() => synthesize({ [name]: value })).not.toThrow();
});

const ALARMS = EVERY_OPTION.alarms;
const DOMAIN = EVERY_OPTION.domain;
const CERTIFICATE = { certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd' };

test.each<[string, Options, Options]>([
  ...Object.entries(EVERY_OPTION).map(([name, value]): [string, Options, Options] => [
    name,
    { [name]: value },
    {},
  ]),
  ['alarms.email', { alarms: ALARMS }, { alarms: { ...ALARMS, email: undefined } }],
  ['alarms.topicArn', { alarms: ALARMS }, { alarms: { ...ALARMS, topicArn: undefined } }],
  ['alarms.runbookUrl', { alarms: ALARMS }, { alarms: { ...ALARMS, runbookUrl: undefined } }],
  ['domain.only', { domain: DOMAIN }, { domain: { ...DOMAIN, only: false } }],
  ['domain.certificateArn', { domain: { ...DOMAIN, ...CERTIFICATE } }, { domain: DOMAIN }],
  [
    'domain.hostedZone',
    { domain: { ...DOMAIN, ...CERTIFICATE } },
    { domain: { name: DOMAIN.name, only: true, ...CERTIFICATE } },
  ],
  [
    'retiredKmsKeyArns beside kmsKeyArn',
    { kmsKeyArn: EVERY_OPTION.kmsKeyArn, retiredKmsKeyArns: EVERY_OPTION.retiredKmsKeyArns },
    { kmsKeyArn: EVERY_OPTION.kmsKeyArn },
  ],
])('change the template: %s', (_name, on, off) => {
  expect(synthesize(on).template.toJSON()).not.toEqual(synthesize(off).template.toJSON());
});

test('add resources and take none away but what they replace', () => {
  const typesOf = (template: Template) =>
    Object.values(template.toJSON().Resources).map((resource) => String(Object(resource).Type));
  const all = typesOf(synthesize(EVERY_OPTION).template);
  const plain = typesOf(synthesize().template).filter((type) => !REPLACED.includes(type));
  for (const type of plain) {
    const count = (types: string[]) => types.filter((each) => each === type).length;
    expect(count(all)).toBeGreaterThanOrEqual(count(plain));
  }
});

test('change nothing when they are given as they are by default', () => {
  const { options } = checkOptions({});
  expect(synthesize(options).template.toJSON()).toEqual(synthesize().template.toJSON());
});
