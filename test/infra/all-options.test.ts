import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { type Options, readOptions } from '../../infra/options.ts';
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
  const { settings } = readOptions({});
  expect(synthesize(settings).template.toJSON()).toEqual(synthesize().template.toJSON());
});
