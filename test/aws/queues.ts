import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { assert } from 'vitest';
import { readSample } from '../../tools/ops/delivery.ts';
import { claim } from './claim.ts';
import { compare } from './compare.ts';
import { accept, keys, newEvent, outputs, send, sqs, take, tool, until } from './stage.ts';

const FAILING_MS = 120_000;

/** Looks at what is on the main queue until SQS has moved it to the dead-letter queue: each look counts as a receive. */
export async function failOnMainQueue(): Promise<void> {
  const look = () => tool('receive', ['--count', '10']);
  const isEmpty = (words: string) => words.includes('Nothing to receive');
  await until(look, isEmpty, FAILING_MS, (words) => `still on the main queue: ${words.slice(0, 200)}`);
}

/** What failed, and what was set aside, finds its way back. */
export function claimQueues(): void {
  claim(
    'A message that fails five times goes to the dead-letter queue, and "npm run replay" brings it back.',
    { docs: 'docs/runbook.md#events-in-the-dead-letter-queue' },
    async () => {
      const sent = await accept(keys.first);
      await failOnMainQueue();
      await tool('replay', ['--dead-letters', '--apply']);
      return compare([sent], await take(outputs().QueueUrl, 1));
    },
  );
  claim(
    'From quarantine, "npm run replay" sends what is valid now and leaves the rest.',
    { docs: 'docs/runbook.md#events-in-quarantine' },
    async () => {
      const { QueueUrl, QuarantineQueueUrl } = outputs();
      // As a receiver would have set it aside that did not know it.
      const MessageBody = new TextDecoder().decode(await newEvent());
      const MessageAttributes = { reason: { DataType: 'String', StringValue: 'invalid-event' } };
      await sqs.send(
        new SendMessageCommand({ QueueUrl: QuarantineQueueUrl, MessageBody, MessageAttributes }),
      );
      await send(await readSample('unfamiliar-event-type'), keys.first);
      await tool('replay', ['--apply']);
      const [entry] = await take(QueueUrl, 1);
      const [left] = await take(QuarantineQueueUrl, 1);
      assert(entry?.original.body === MessageBody && entry.eventId, 'not the event on the main queue');
      assert(left?.reason === 'unfamiliar-event-type', `in quarantine: ${left?.reason ?? 'nothing'}`);
      return '1 sent with its event id, 1 left in quarantine';
    },
  );
}
