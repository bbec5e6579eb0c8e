import { expect, test } from 'vitest';
import { toEntry } from '../../../../tools/ops/replay/entry.ts';
import { copyOf } from '../../../../tools/ops/replay/fate.ts';

test('sends body, attributes and trace header as they were received', () => {
  const attributes = {
    eventId: { DataType: 'String', StringValue: 'id' },
    bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(1, 2) },
  };
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const entry = toEntry({
    MessageId: 'old',
    Body: ' {}\n',
    Attributes: { SentTimestamp: '0', AWSTraceHeader: trace },
    MessageAttributes: attributes,
  });
  expect(copyOf(entry, 'https://example.com/new', 'group', 'id').input).toEqual({
    QueueUrl: 'https://example.com/new',
    MessageBody: ' {}\n',
    MessageAttributes: attributes,
    MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
  });
});
