import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isLeftOver } from '../probe.ts';
import { toEntry } from '../replay/entry.ts';

/** SQS answers a long poll after so many seconds when nothing comes. */
const WAIT_S = 2;
/** Longer than a run: what comes before the probe must not come again. */
const HIDE_S = 60;

/**
 * Receives until the message with this body comes, and deletes it; whether it came before it was too late.
 * What else it received is shown to others again, except for what an interrupted run left behind.
 */
export async function catchProbe(
  client: SQSClient,
  QueueUrl: string,
  body: Uint8Array,
  isLate: () => boolean,
): Promise<boolean> {
  const wanted = Buffer.from(body);
  const others: Message[] = [];
  try {
    while (!isLate()) {
      // Never aborted: what SQS hands out to nobody would stay hidden.
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp'],
          VisibilityTimeout: HIDE_S,
          WaitTimeSeconds: WAIT_S,
        }),
      );
      const own = Messages.filter((message) => wanted.equals(toEntry(message).delivery.body));
      others.push(...Messages.filter((message) => !own.includes(message)));
      await Promise.all(own.map(remove));
      if (own.length > 0) return true;
    }
    return false;
  } finally {
    // One that fails shows up by itself after its time.
    await Promise.allSettled(
      others.map((message) => (isLeftOver(toEntry(message)) ? remove(message) : show(message))),
    );
  }

  function remove({ ReceiptHandle }: Message) {
    return client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }

  function show({ ReceiptHandle }: Message) {
    return client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
}
