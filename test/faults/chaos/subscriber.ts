import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { eventId } from '../../../contract/message.ts';
import { parseUserStatusMessage } from '../../../contract/parse-message.ts';
import type { LocalStack } from '../../../tools/local/stack.ts';
import { sqsClient } from '../../support/quarantine.ts';
import { FORGED_SESSION } from './deliveries.ts';

const QUEUES = ['main', 'quarantine'] as const;
/** As many as SQS gives at a time; a pause lets the next batch fill up. */
const FULL_BATCH = 10;
const PAUSE_MS = 200;

const payload = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ sessionId: v.string(), vendorData: v.nullish(v.string()) }),
);

/** Empties both queues as subscribers do, all the time. */
export function startSubscriber(stack: LocalStack) {
  const client = sqsClient(stack);
  const received = {
    messages: 0,
    forged: 0,
    /** Messages whose `eventId` is not that of their body. */
    wrongIds: 0,
    /** The queue and the session of each event. */
    events: new Set<string>(),
    /** The queue and the number of each delivery. */
    deliveries: new Set<string>(),
  };
  let finishing = false;

  const note = (queue: (typeof QUEUES)[number], message: Message) => {
    const { sessionId, vendorData } = v.parse(payload, message.Body);
    received.messages += 1;
    if (sessionId === FORGED_SESSION) received.forged += 1;
    if (queue === 'main' && !isIdRight(message)) received.wrongIds += 1;
    received.events.add(`${queue} ${sessionId}`);
    received.deliveries.add(`${queue} ${vendorData}`);
  };

  const subscribe = async (queue: (typeof QUEUES)[number]) => {
    const { url: QueueUrl, name } = stack.queues[queue];
    const ask = { QueueUrl, MaxNumberOfMessages: FULL_BATCH, MessageAttributeNames: ['eventId'] };
    while (!finishing || (await stack.sqs.depth(name)) > 0) {
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
    /** Goes on until nothing lies on either queue. */
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
