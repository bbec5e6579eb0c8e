import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { readSample } from '../../ops/delivery.ts';
import type { Bench } from './bench.ts';
import { compare, type Sent } from './compare.ts';
import { hold, type Step } from './step.ts';

const FAILING_MS = 120_000;

/** Receives what is on the main queue without deleting it, until SQS has moved it to the dead-letter queue. */
export async function failOnMainQueue({ sqs, deployed, until }: Bench): Promise<void> {
  const { QueueUrl, DeadLetterQueueUrl } = deployed().outputs;
  // Shown again at once: the receives count all the same.
  const look = (url: string) =>
    sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        WaitTimeSeconds: 1,
      }),
    );
  const both = async () => {
    await look(QueueUrl);
    const { Messages = [] } = await look(DeadLetterQueueUrl);
    return Messages.length;
  };
  const count = await until(both, (seen) => seen > 0, FAILING_MS);
  hold(count > 0, `nothing on the dead-letter queue after ${FAILING_MS / 1_000} s`);
}

/** Puts a valid event into quarantine, as a receiver would have done that did not know it. */
async function setAside({ sqs, deployed, newEvent }: Bench): Promise<string> {
  const body = new TextDecoder().decode(await newEvent());
  const reason = { DataType: 'String', StringValue: 'invalid-event' };
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deployed().outputs.QuarantineQueueUrl,
      MessageBody: body,
      MessageAttributes: { reason },
    }),
  );
  return body;
}

/** What failed, and what was set aside, finds its way back. */
export function queueSteps(bench: Bench): readonly Step[] {
  const { keys, accept, take, tool, send, deployed } = bench;
  return [
    {
      claim:
        'A message that fails five times goes to the dead-letter queue, and "npm run replay" brings it back.',
      docs: 'docs/runbook.md#events-in-the-dead-letter-queue',
      run: async () => {
        const sent: readonly Sent[] = [await accept(keys.first)];
        await failOnMainQueue(bench);
        await tool('replay.ts', ['--dead-letters', '--apply']);
        const { isSame, words } = compare(sent, await take(deployed().outputs.QueueUrl, 1));
        hold(isSame, words);
        return words;
      },
    },
    {
      claim: 'From quarantine, "npm run replay" sends what is valid now and leaves the rest.',
      docs: 'docs/runbook.md#events-in-quarantine',
      run: async () => {
        const body = await setAside(bench);
        await send(await readSample('unfamiliar-event-type'), keys.first);
        await tool('replay.ts', ['--apply']);
        const [entry] = await take(deployed().outputs.QueueUrl, 1);
        const [left] = await take(deployed().outputs.QuarantineQueueUrl, 1);
        hold(entry?.original.body === body && entry.eventId !== undefined, 'not the event on the main queue');
        hold(left?.reason === 'unfamiliar-event-type', `in quarantine: ${left?.reason ?? 'nothing'}`);
        return '1 sent with its event id, 1 left in quarantine';
      },
    },
  ];
}
