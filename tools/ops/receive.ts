import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { createCommand, flag, main, wholeNumber } from '../cli/command-line.ts';
import { printable, printableLines } from '../cli/printable.ts';
import { sqsClient } from './sqs-client.ts';
import { findStack } from './stack.ts';
import { readTarget, targetEntries, targetFlags, withTarget } from './target.ts';

/** So long nobody else sees what was received, should this program end before it gives it back. */
const HIDE_S = 60;

const command = withTarget(createCommand('npm run receive'))
  .description(
    'Receives messages from the queue as a subscriber does, and prints their attributes and bodies.',
  )
  .option('--count <n>', 'receive so many at most', '1')
  .option('--delete', 'delete what was printed; without it, it is given back to the queue')
  .addHelpText(
    'after',
    `
A body is Veriff's payload: it holds personal data. Each look counts as a receive: at the sixth, SQS moves the
message to the dead-letter queue. What a subscriber is working on is hidden from this program. AWS_PROFILE and AWS_REGION
choose the account and the Region. Exits with 0, also when the queue is empty.

Examples:
  npm run receive -- --local
  npm run receive -- --local --count 10 --delete
  npm run receive -- --stack veriff-status-receiver-prod`,
  );

const schema = v.object({ ...targetEntries, count: wholeNumber(1, 1000), delete: flag });
const { options, target } = readTarget(command, schema, { count: 'a number from 1 to 1000' });

async function receive(client: SQSClient, QueueUrl: string): Promise<{ held: number; deleted: number }> {
  const held: Message[] = [];
  let deleted = 0;
  let isRead = true;
  while (isRead && held.length + deleted < options.count) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(options.count - held.length - deleted, 10),
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        VisibilityTimeout: HIDE_S,
        // With any wait SQS asks all of its servers.
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) {
      isRead &&= await print(describe(message));
      if (isRead && options.delete) {
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        deleted += 1;
      } else held.push(message);
    }
  }
  // What can't be given back shows up when its time is over, as it does after an error above.
  const shown = held.map(({ ReceiptHandle }) => ({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  await Promise.allSettled(shown.map((input) => client.send(new ChangeMessageVisibilityCommand(input))));
  return { held: held.length, deleted };
}

function describe({ MessageId, MessageAttributes = {}, Attributes, Body = '' }: Message): string {
  const rows = Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) =>
    printable(`  ${name.padEnd(12)} ${StringValue ?? `(${DataType})`}`),
  );
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), Body);
  const body = parsed.success ? JSON.stringify(parsed.output, undefined, 2) : Body;
  return `${[`Message ${MessageId}, receive ${Attributes?.ApproximateReceiveCount}`, ...rows, '', printableLines(body), ''].join('\n')}\n`;
}

/** False when nobody reads it any more: what nobody read is not deleted. */
function print(text: string): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(text, (error) => resolve(!error)));
}

async function run(): Promise<number> {
  const { sqs, outputs } = await findStack(target);
  const client = sqsClient(sqs);
  const { held, deleted } = await receive(client, outputs.QueueUrl);
  if (deleted > 0) console.error(`${deleted} deleted.`);
  if (held > 0)
    console.error(`${held} given back to the queue, to come again; --delete deletes what it prints.`);
  if (held + deleted > 0) return 0;
  const send = `"npm run send -- ${targetFlags(target)}"`;
  console.error(
    `Nothing to receive. ${send} puts an event there; a subscriber, or the pipe of the option eventBus, takes it away.`,
  );
  return 0;
}

await main(run, () => {});
