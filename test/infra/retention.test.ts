import { expect, test } from 'vitest';
import { receiverTemplate } from './receiver-template.ts';
import { idOf } from './synthesize.ts';

const retained = receiverTemplate({ Receiver: { eventBus: true, retain: true } });
const deleted = receiverTemplate({ Receiver: { eventBus: true } });

const QUEUES = ['Receiver/Queue', 'Receiver/DeadLetterQueue', 'Receiver/QuarantineQueue'];
const LOGS = ['Receiver/FunctionLogs', 'Receiver/AccessLogs'];
const REST = ['Receiver/Secret', 'Receiver/EventBus'];

const policiesOf = (template: typeof retained, path: string) => {
  const { DeletionPolicy, UpdateReplacePolicy } = template.toJSON().Resources[idOf(template, path)];
  return { DeletionPolicy, UpdateReplacePolicy };
};

test.each([...QUEUES, ...LOGS, ...REST])(
  'stays when a stage that retains is deleted or an update replaces it, and goes when its creation is rolled back: %s',
  (path) => {
    expect(policiesOf(retained, path)).toEqual({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  },
);

test.each([...QUEUES, ...LOGS])(
  'goes with any other stage, and stays when an update replaces it: %s',
  (path) => {
    expect(policiesOf(deleted, path)).toEqual({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' });
  },
);

test.each(REST)('goes with any other stage: %s', (path) => {
  expect(policiesOf(deleted, path).DeletionPolicy).toBe('Delete');
});

test('the archive stays as the bus does, which is the only one that it can be replayed to', () => {
  const archive = (template: typeof retained) =>
    Object.values(template.findResources('AWS::Events::Archive'))[0];
  expect(archive(retained)?.DeletionPolicy).toBe('RetainExceptOnCreate');
  expect(archive(deleted)?.DeletionPolicy).toBe('Delete');
});
