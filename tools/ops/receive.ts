import type { Message } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { createCommand, flag, mainInOrder, wholeNumber } from '../cli/command-line.ts';
import { isNoQueue } from '../cli/failure.ts';
import { printable, printableLines } from '../cli/printable.ts';
import { type OpenQueue, openQueue } from './open-queue.ts';
import { findStack, revertDrift } from './stack.ts';
import { readTarget, targetEntries, withTarget } from './target.ts';

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
const { options, target } = readTarget(command, schema);

await mainInOrder(async (signal) => {
  const stack = await findStack(target);
  const { sqs, outputs, flags } = stack;
  const queue = openQueue(sqs, outputs.QueueUrl);
  let hidden = 0;
  const deleted = await receive(queue, signal)
    .catch((error) => {
      if (!isNoQueue(error)) throw error;
      throw new Error(`expected the queue ${outputs.QueueUrl}, got none; ${revertDrift(stack)}`);
    })
    .finally(async () => {
      hidden = await queue.release(console.error);
    });
  const given = queue.seen - deleted - hidden;
  if (deleted > 0) console.error(`${deleted} deleted.`);
  if (given > 0)
    console.error(`${given} given back to the queue, to come again; --delete deletes what it prints.`);
  if (queue.seen === 0)
    console.error(
      `Nothing to receive. "npm run send -- ${flags}" puts an event there; a subscriber, or the pipe of the option eventBus, takes it away.`,
    );
  return 0;
});

/** Prints messages, and deletes them if it may; how many it deleted. What nobody reads any more is not deleted. */
async function receive(queue: OpenQueue, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  for await (const batch of queue.batches(signal, options.count)) {
    for (const message of batch) {
      const { MessageId = '' } = message;
      if (!(await print(textOf(message)))) return deleted;
      if (!options.delete) continue;
      const why = (await queue.remove([MessageId])).get(MessageId);
      if (why !== undefined)
        throw new Error(`expected SQS to delete the message ${MessageId}, got ${why}; it comes again`);
      deleted += 1;
    }
  }
  return deleted;
}

function textOf({ MessageId, MessageAttributes = {}, Attributes, Body = '' }: Message): string {
  const rows = Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) =>
    printable(`  ${name.padEnd(12)} ${StringValue ?? `(${DataType})`}`),
  );
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), Body);
  const body = parsed.success ? JSON.stringify(parsed.output, undefined, 2) : Body;
  const head = `Message ${MessageId}, receive ${Attributes?.ApproximateReceiveCount}`;
  return `${[head, ...rows, '', printableLines(body), ''].join('\n')}\n`;
}

/** False when nobody reads it any more. */
function print(text: string): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(text, (error) => resolve(!error)));
}
