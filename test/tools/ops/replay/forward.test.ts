import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { CREDENTIALS } from '../../../../tools/local/addresses.ts';
import { toEntry } from '../../../../tools/ops/replay/entry.ts';
import { forward } from '../../../../tools/ops/replay/forward.ts';

test('sends body, attributes and trace header as they were received', async () => {
  const client = new SQSClient({ region: 'us-east-1', credentials: CREDENTIALS });
  const sent: unknown[] = [];
  client.middlewareStack.add(
    () => async (args) => {
      sent.push(args.input);
      return { response: undefined, output: { MessageId: 'id', $metadata: {} } };
    },
    { step: 'initialize', priority: 'high' },
  );
  const attributes = {
    eventId: { DataType: 'String', StringValue: 'id' },
    bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(1, 2) },
  };
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const { original } = toEntry({
    MessageId: 'old',
    Body: ' {}\n',
    Attributes: { SentTimestamp: '0', AWSTraceHeader: trace },
    MessageAttributes: attributes,
  });
  const destination = { queueUrl: 'https://example.com/new', groupId: 'group', deduplicationId: 'id' };
  expect(await forward(client, original, destination, AbortSignal.timeout(1_000))).toBe('confirmed');
  expect(sent).toEqual([
    {
      QueueUrl: 'https://example.com/new',
      MessageBody: ' {}\n',
      MessageAttributes: attributes,
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    },
  ]);
});
