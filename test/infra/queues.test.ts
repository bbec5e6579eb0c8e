import { describe, expect, test } from 'vitest';
import { resolved } from './receiver-template.ts';
import { arnOf, idOf, synthesize } from './synthesize.ts';

const { template } = synthesize();
const QUEUES = ['Receiver/Queue', 'Receiver/DeadLetterQueue', 'Receiver/QuarantineQueue'];

function propertiesOf(path: string) {
  return template.toJSON().Resources[idOf(template, path)].Properties;
}

test('are three', () => {
  template.resourceCountIs('AWS::SQS::Queue', QUEUES.length);
});

test.each(QUEUES)('encrypt what they hold: %s', (path) => {
  expect(propertiesOf(path).SqsManagedSseEnabled).toBe(true);
});

test.each(QUEUES)('keep a message of up to 1 MiB for 14 days: %s', (path) => {
  expect(propertiesOf(path)).toMatchObject({
    MessageRetentionPeriod: 14 * 24 * 60 * 60,
    MaximumMessageSize: 1024 * 1024,
  });
});

test('give a subscriber 180 s and 5 tries, then move the message to the dead-letter queue', () => {
  expect(propertiesOf('Receiver/Queue')).toMatchObject({
    VisibilityTimeout: 180,
    RedrivePolicy: {
      deadLetterTargetArn: arnOf(template, 'Receiver/DeadLetterQueue'),
      maxReceiveCount: 5,
    },
  });
});

test('let no other queue use the dead-letter queue', () => {
  const name = resolved(propertiesOf('Receiver/Queue').QueueName);
  expect(resolved(propertiesOf('Receiver/DeadLetterQueue').RedriveAllowPolicy)).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: [`arn:aws:sqs:eu-west-1:123456789012:${name}`],
  });
});

test.each(['Receiver/Queue', 'Receiver/QuarantineQueue'])(
  'let no queue name %s as its dead-letter queue',
  (path) => {
    expect(propertiesOf(path).RedriveAllowPolicy).toEqual({ redrivePermission: 'denyAll' });
  },
);

describe('with the option fifo', () => {
  const { template: fifo } = synthesize({ fifo: true });

  test.each(QUEUES)(
    'are FIFO with high throughput, deduplicated by the id that the function gives: %s',
    (path) => {
      const properties = fifo.toJSON().Resources[idOf(fifo, path)].Properties;
      expect(properties).toMatchObject({
        FifoQueue: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
      expect(properties).not.toHaveProperty('ContentBasedDeduplication');
    },
  );

  test('have the name that the dead-letter queue lets in', () => {
    const name = resolved(fifo.toJSON().Resources[idOf(fifo, 'Receiver/Queue')].Properties.QueueName);
    expect(name).toMatch(/\.fifo$/);
    const { RedriveAllowPolicy: policy } =
      fifo.toJSON().Resources[idOf(fifo, 'Receiver/DeadLetterQueue')].Properties;
    expect(resolved(policy.sourceQueueArns)).toEqual([`arn:aws:sqs:eu-west-1:123456789012:${name}`]);
  });

  test('are otherwise the same', () => {
    const differing = [
      'FifoQueue',
      'DeduplicationScope',
      'FifoThroughputLimit',
      'QueueName',
      'RedriveAllowPolicy',
    ];
    for (const path of QUEUES) {
      const without = (resources: Record<string, { Properties: object }>, id: string) =>
        Object.entries(resources[id]?.Properties ?? {}).filter(([property]) => !differing.includes(property));
      expect(without(fifo.toJSON().Resources, idOf(fifo, path))).toEqual(
        without(template.toJSON().Resources, idOf(template, path)),
      );
    }
  });
});
