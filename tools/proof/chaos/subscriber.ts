import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { eventId, parseUserStatusMessage } from '../../../contract/message.ts';
import { localClient } from '../../local/addresses.ts';
import type { LocalStack } from '../../local/stack.ts';

const QUEUES = ['main', 'quarantine'] as const;
/** As many as SQS gives at a time; a pause lets the next batch fill up. */
const FULL_BATCH = 10;
const PAUSE_MS = 200;

const payload = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ sessionId: v.string(), vendorData: v.string() }),
);

/** What lay on the queues: the sessions, and the numbers of the deliveries that brought them. */
export type Received = ReturnType<typeof nothing>;

function nothing() {
  return {
    messages: 0,
    /** Messages whose `eventId` is not that of their body. */
    wrongIds: 0,
    main: { sessions: new Set<string>(), deliveries: new Set<number>() },
    quarantine: { sessions: new Set<string>(), deliveries: new Set<number>() },
  };
}

/** Empties both queues as subscribers do, all the time. */
export function startSubscriber({ sqsEndpoint, queues, sqs }: LocalStack): {
  received: Received;
  /** Goes on until nothing lies on either queue. */
  finish(): Promise<void>;
} {
  const client = new SQSClient(localClient(sqsEndpoint));
  const received = nothing();
  let finishing = false;

  const note = (queue: (typeof QUEUES)[number], message: Message) => {
    received.messages += 1;
    if (queue === 'main' && !isIdRight(message)) received.wrongIds += 1;
    const { sessionId, vendorData } = v.parse(payload, message.Body);
    received[queue].sessions.add(sessionId);
    received[queue].deliveries.add(Number(vendorData));
  };

  const subscribe = async (queue: (typeof QUEUES)[number]) => {
    const { url: QueueUrl, name } = queues[queue];
    const ask = { QueueUrl, MaxNumberOfMessages: FULL_BATCH, MessageAttributeNames: ['eventId'] };
    while (!finishing || (await sqs.depth(name)) > 0) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand(ask));
      for (const message of Messages) note(queue, message);
      if (Messages.length < FULL_BATCH) await sleep(PAUSE_MS);
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };

  const emptied = Promise.all(QUEUES.map(subscribe));
  return {
    received,
    async finish() {
      finishing = true;
      await emptied;
      client.destroy();
    },
  };
}

function isIdRight(message: Message): boolean {
  const { eventId: id, event } = parseUserStatusMessage(message);
  return id === eventId(event) && message.MessageAttributes?.eventId !== undefined;
}
