import { expect, test } from 'vitest';
import { receiverTemplate, resolved } from './receiver-template.ts';
import { idOf } from './synthesize.ts';

const LONGEST = 'n'.repeat(50);
const template = receiverTemplate({ Longest: { name: LONGEST, fifo: true, eventBus: true, retain: true } });
const [FIRST, SECOND] = ['5ccc1230-1111-2222-3333-444455556666', '6ddd1230-1111-2222-3333-444455556666'];

/** The properties that name what CloudFormation makes, by type. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Archive': 'ArchiveName',
};

test('of what stays when a stack is deleted differ from those of the next stack of the same name', () => {
  const kept = Object.values(template.toJSON().Resources)
    .map((resource) => Object(resource))
    .filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
  expect(kept.map(({ Type }) => Type).filter((type) => !Object.hasOwn(NAMES, type))).toEqual([]);

  const given = kept.map(({ Type, Properties }) => Properties[NAMES[Type] ?? '']).filter((name) => name);
  expect(given.map((name) => resolved(name, FIRST)).sort()).toEqual([
    `/aws/vendedlogs/${LONGEST}-5ccc1230/access`,
    `${LONGEST}-5ccc1230`,
    `${LONGEST}-5ccc1230.fifo`,
  ]);
  for (const name of given) expect(resolved(name, FIRST)).not.toBe(resolved(name, SECOND));
});

test('are as long as AWS allows them to be, at most', () => {
  const nameOf = (path: string) => {
    const { Name, QueueName } = template.toJSON().Resources[idOf(template, path)].Properties;
    return String(resolved(QueueName ?? Name));
  };
  expect(nameOf('Longest/Queue').length).toBeLessThanOrEqual(80);
  expect(nameOf('Longest/EventBus').length).toBeLessThanOrEqual(256);
  const [pipe] = Object.values(template.findResources('AWS::Pipes::Pipe'));
  expect(String(resolved(pipe?.Properties.Name)).length).toBeLessThanOrEqual(64);
});

test('of two receivers without a name, however deep, are not the same', () => {
  const [one, two] = ['n'.repeat(200), `${'n'.repeat(200)}2`];
  const both = receiverTemplate({ [one]: {}, [two]: {} });
  const names = Object.values(both.findResources('AWS::SQS::Queue'))
    .map(({ Properties }) => Properties.QueueName)
    .filter((name) => name !== undefined)
    .map((name) => resolved(name));
  expect(new Set(names).size).toBe(2);
});
