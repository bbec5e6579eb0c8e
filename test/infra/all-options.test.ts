import { expect, test } from 'vitest';
import { synthesize } from './synthesize.ts';

const EVERY_OPTION = {
  stage: 'prod',
  fifo: 'true',
  eventBus: 'true',
  subscriberAccounts: '111111111111,222222222222',
  kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  alarmEmail: 'ops@example.com',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call',
  dashboard: 'true',
  domainName: 'veriff.example.com',
  hostedZoneId: 'Z0123456789ABC',
  hostedZoneName: 'example.com',
  allowedSources: 'veriff-eu,veriff-us,2001:db8::/32',
  throttleRate: '100',
  throttleBurst: '200',
  logRetentionDays: '365',
  previousSecretGraceHours: '48',
};

test("pass cdk-nag's and CloudFormation's checks, all on: the synthesis throws otherwise", () => {
  expect(() => synthesize(EVERY_OPTION)).not.toThrow();
});

test('add resources and take none away but what they replace', () => {
  const count = (template: ReturnType<typeof synthesize>['template']) => {
    const types = Object.values(template.toJSON().Resources).map((resource) => Object(resource).Type);
    return (type: string) => types.filter((each) => each === type).length;
  };
  const plain = synthesize().template;
  const [of, before] = [count(synthesize(EVERY_OPTION).template), count(plain)];
  for (const { Type: type } of Object.values(plain.toJSON().Resources).map((resource) => Object(resource))) {
    expect(of(type)).toBeGreaterThanOrEqual(before(type));
  }
});
