import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { type Action, move } from '../../../../tools/ops/replay/move.ts';
import type { OpenQueue } from '../../../../tools/ops/replay/queue.ts';

const HOUR_MS = 3_600_000;

function message(id: string, reason: string, sentAt: number): Message {
  return {
    MessageId: id,
    Body: '{}',
    Attributes: { SentTimestamp: String(sentAt) },
    MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
  };
}

/** Goes through a quarantine with an event, an old probe and a new one. */
async function run(action: Action) {
  const removed: string[] = [];
  const listed: string[] = [];
  let leftOver = 0;
  const queue: OpenQueue = {
    async *batches() {
      yield [
        message('event', 'not-json', Date.now() - HOUR_MS),
        message('old', 'probe', Date.now() - HOUR_MS),
        message('new', 'probe', Date.now()),
      ];
    },
    async remove(ids) {
      removed.push(...ids);
      return new Map();
    },
    release: async () => new Map(),
    size: async () => ({ count: 3, hidden: 0, retentionS: 0 }),
    more: false,
  };
  await move({
    action,
    source: { url: '', where: 'in quarantine', kind: 'quarantine' },
    queue,
    client: new SQSClient(),
    outputs: { QueueUrl: '', QuarantineQueueUrl: '' },
    publish: () => Promise.reject(new Error('a probe must never be sent')),
    signal: new AbortController().signal,
    onEntry: ({ id }) => listed.push(id),
    onLeftOver: () => {
      leftOver += 1;
    },
  });
  return { removed, listed, leftOver };
}

test.each(['list', 'dry-run'] as const)(
  'counts with %s the probes that a doctor left behind, and changes nothing',
  async (action) => {
    expect(await run(action)).toEqual({ removed: [], listed: ['event'], leftOver: 1 });
  },
);

test('removes with --apply the probes that a doctor left behind, and only those', async () => {
  expect(await run('apply')).toEqual({ removed: ['old'], listed: ['event'], leftOver: 1 });
});
