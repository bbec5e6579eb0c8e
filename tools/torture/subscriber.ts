import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { eventId, parseUserStatusMessage } from '../../contract/message.ts';
import type { LocalStack } from '../local/stack.ts';

interface Stored {
  readonly sessions: Set<string>;
  readonly deliveries: Set<number>;
}

/** What lay on the queues: the sessions, and the numbers of the deliveries that brought them. */
export interface Received {
  messages: number;
  /** Messages whose `eventId` is not that of their body. */
  wrongIds: number;
  readonly main: Stored;
  readonly quarantine: Stored;
}

/** As many as SQS gives at a time; a pause lets the next batch fill up. */
const FULL_BATCH = 10;
const PAUSE_MS = 200;

const payload = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ sessionId: v.string(), vendorData: v.string() }),
);

/** Empties both queues as subscribers do, all the time. */
export function startSubscriber({ sqsEndpoint, region, credentials, queues, sqs }: LocalStack): {
  received: Received;
  /** Goes on until nothing lies on either queue. */
  finish(): Promise<void>;
} {
  const client = new SQSClient({ endpoint: sqsEndpoint, region, credentials });
  const received: Received = {
    messages: 0,
    wrongIds: 0,
    main: { sessions: new Set(), deliveries: new Set() },
    quarantine: { sessions: new Set(), deliveries: new Set() },
  };
  let finishing = false;

  const subscribe = async (queue: 'main' | 'quarantine') => {
    const { url: QueueUrl, name } = queues[queue];
    while (!finishing || (await sqs.depth(name)) > 0) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: FULL_BATCH,
          MessageAttributeNames: ['eventId'],
        }),
      );
      for (const message of Messages) note(received, queue, message);
      if (Messages.length < FULL_BATCH) await sleep(PAUSE_MS);
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };

  const emptied = Promise.all([subscribe('main'), subscribe('quarantine')]);
  return {
    received,
    async finish() {
      finishing = true;
      await emptied;
      client.destroy();
    },
  };
}

function note(received: Received, queue: 'main' | 'quarantine', message: Message): void {
  received.messages += 1;
  if (queue === 'main' && !isIdRight(message)) received.wrongIds += 1;
  const { sessionId, vendorData } = v.parse(payload, message.Body);
  received[queue].sessions.add(sessionId);
  received[queue].deliveries.add(Number(vendorData));
}

function isIdRight(message: Message): boolean {
  const { eventId: id, event } = parseUserStatusMessage(message);
  return id === eventId(event) && message.MessageAttributes?.eventId !== undefined;
}
