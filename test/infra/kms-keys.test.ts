import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { receiverTemplate, resolved } from './receiver-template.ts';
import { idOf } from './synthesize.ts';

const key = (digit: string) =>
  `arn:aws:kms:eu-west-1:123456789012:key/${digit.repeat(8)}-12ab-34cd-56ef-1234567890ab`;
const [NEW, OLD] = [key('1'), key('0')];
const EVERYTHING = { eventBus: true, subscriberAccounts: ['111111111111'] };

const changed = receiverTemplate({ Receiver: { ...EVERYTHING, kmsKeyArn: NEW, retiredKmsKeyArns: [OLD] } });
const turnedOff = receiverTemplate({ Receiver: { ...EVERYTHING, retiredKmsKeyArns: [OLD] } });
const without = receiverTemplate({ Receiver: EVERYTHING });

const ENCRYPTED = ['Queue', 'DeadLetterQueue', 'QuarantineQueue', 'Secret'].map((id) => `Receiver/${id}`);
const PERMISSIONS = ['FunctionRole/KeyPolicy', 'SubscriberPolicy', 'PipeRole'].map((id) => `Receiver/${id}`);

const resourceOf = (template: Template, path: string) => template.toJSON().Resources[idOf(template, path)];

/** What CloudFormation finishes before it begins with the resource: what it names, and what it is told to wait for. */
function before(template: Template, id: string, seen = new Set<string>()): Set<string> {
  const resources = template.toJSON().Resources;
  const { Properties, DependsOn = [] } = resources[id];
  const named = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  for (const each of [...named, ...[DependsOn].flat()]) {
    if (each in resources && !seen.has(each)) before(template, each, seen.add(each));
  }
  return seen;
}

function keyStatements(template: Template, path: string) {
  const { PolicyDocument, Policies = [] } = resourceOf(template, path).Properties;
  return [PolicyDocument, ...Policies.map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument)]
    .flatMap((document) => document?.Statement ?? [])
    .filter(({ Action }: { Action: string | string[] }) => String(Action).includes('kms:'));
}

test.each([
  ['the key changes', changed],
  ['the key is turned off', turnedOff],
])('who may use the keys is changed before what is encrypted, when %s', (_, template) => {
  for (const path of ENCRYPTED) {
    const earlier = before(template, idOf(template, path));
    for (const permission of PERMISSIONS) expect(earlier).toContain(idOf(template, permission));
  }
});

test('the permissions wait for nothing that is encrypted, which CloudFormation would call a circle', () => {
  for (const permission of PERMISSIONS) {
    const earlier = before(changed, idOf(changed, permission));
    for (const path of ENCRYPTED) expect(earlier).not.toContain(idOf(changed, path));
  }
});

test.each([
  ['Receiver/FunctionRole/KeyPolicy', ['kms:Decrypt', 'kms:GenerateDataKey']],
  ['Receiver/SubscriberPolicy', 'kms:Decrypt'],
  ['Receiver/PipeRole', 'kms:Decrypt'],
])(
  'what was encrypted with a retired key can be read, and the queues written until they change: %s',
  (path, actions) => {
    const allow = (Resource: unknown) => [{ Effect: 'Allow', Action: actions, Resource }];
    const sorted = (template: Template) =>
      keyStatements(template, path).map((statement: { Action: string | string[] }) => ({
        ...statement,
        Action: Array.isArray(statement.Action) ? statement.Action.toSorted() : statement.Action,
      }));
    expect(sorted(changed)).toEqual(allow([NEW, OLD]));
    expect(sorted(turnedOff)).toEqual(allow(OLD));
  },
);

test('without a key there is nothing about keys in any policy, and nothing waits', () => {
  expect(JSON.stringify(without.toJSON())).not.toContain('kms:');
  for (const path of ENCRYPTED) {
    const earlier = before(without, idOf(without, path));
    for (const permission of ['Receiver/SubscriberPolicy', 'Receiver/PipeRole']) {
      expect(earlier).not.toContain(idOf(without, permission));
    }
  }
});

test('subscribers and the pipe are let in to the queue by its name, which is its own', () => {
  const { QueueName } = resourceOf(changed, 'Receiver/Queue').Properties;
  const arn = `arn:aws:sqs:eu-west-1:123456789012:${resolved(QueueName)}`;
  const [drain] = resourceOf(changed, 'Receiver/SubscriberPolicy').Properties.PolicyDocument.Statement;
  const [receive] = resourceOf(changed, 'Receiver/PipeRole').Properties.Policies[0].PolicyDocument.Statement;
  expect([resolved(drain.Resource), resolved(receive.Resource)]).toEqual([arn, [`${arn}.fifo`, arn]]);
});
