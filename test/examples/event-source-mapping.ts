import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LocalStack } from '../../tools/local/stack.ts';
import { sqsClient } from '../support/quarantine.ts';

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Invokes a function with what lies on the main queue, as Lambda does with `ReportBatchItemFailures`: deletes all but
 * the failures. Those come again at once, and not after the visibility timeout, so that five tries take no time.
 */
export function startEventSourceMapping(stack: LocalStack, handler: Handler) {
  const { url: QueueUrl, arn } = stack.queues.main;
  const sqs = sqsClient(stack);
  const stopping = new AbortController();
  const running = drain();

  async function drain(): Promise<void> {
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
      WaitTimeSeconds: 1,
    });
    while (!stopping.signal.aborted) {
      const { Messages = [] } = await sqs.send(receive);
      if (Messages.length > 0) await invoke(Messages);
    }
  }

  async function invoke(messages: readonly Message[]): Promise<void> {
    const { batchItemFailures } = await handler(
      { Records: messages.map((message) => toRecord(message, arn)) },
      context(),
    );
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = '', ReceiptHandle } of messages) {
      const message = { QueueUrl, ReceiptHandle };
      await (failed.has(MessageId)
        ? sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }))
        : sqs.send(new DeleteMessageCommand(message)));
    }
  }

  return {
    async stop(): Promise<void> {
      stopping.abort();
      await running;
      sqs.destroy();
    },
  };
}

function toRecord(message: Message, eventSourceARN: string): SQSRecord {
  const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {}, MessageAttributes = {} } = message;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? '',
      SentTimestamp: Attributes.SentTimestamp ?? '',
      SenderId: Attributes.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? '',
      ...(Attributes.MessageGroupId && { MessageGroupId: Attributes.MessageGroupId }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
        name,
        { dataType: 'String', stringValue: StringValue },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: 'us-east-1',
  };
}

function context(): Context {
  const ended = () => {
    throw new Error('Expected the handler to return a promise.');
  };
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'subscriber',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:subscriber',
    memoryLimitInMB: '512',
    awsRequestId: '00000000-0000-0000-0000-000000000000',
    logGroupName: 'subscriber',
    logStreamName: 'subscriber',
    getRemainingTimeInMillis: () => 30_000,
    done: ended,
    fail: ended,
    succeed: ended,
  };
}
