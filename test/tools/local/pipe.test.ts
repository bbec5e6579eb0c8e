import { expect, inject, test } from 'vitest';
import { fileName } from '../../../contract/build/names.ts';
import { EVENT_TYPES } from '../../../contract/event.ts';
import { type BusEvent, startPipe, transform } from '../../../tools/local/pipe.ts';
import { startSqs } from '../../../tools/local/sqs.ts';
import { startLocalStack } from '../../../tools/local/stack.ts';
import { deliver } from '../../support/delivering.ts';
import { sample, veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

test('an accepted status reaches the event bus: the payload whole, its id and its attributes beside it', async () => {
  const { promise: event, resolve: onBusEvent } = Promise.withResolvers<BusEvent>();
  const stack = await startLocalStack({
    assemblyDir: inject('eventBusAssemblyDir'),
    secret: SECRET,
    onBusEvent,
  });
  try {
    const { eventId } = JSON.parse((await deliver(stack.url)).text);
    const text = (stringValue: unknown) => ({ dataType: 'String', stringValue });
    expect(await event).toEqual({
      source: 'veriff',
      'detail-type': 'user-status.created',
      detail: {
        eventId,
        attributes: {
          eventId: text(eventId),
          eventType: text('user-status.created'),
          statusCode: text('custom_status_for_suspicious_attempt'),
          sessionId: text('0b10cb53-4f3b-48af-bd74-60b85354e51f'),
          attemptId: text('f2270684-8c51-4d03-88eb-dafd43e8b486'),
          createdAt: text('2023-10-27T09:59:15.090805Z'),
          receivedAt: text(expect.any(String)),
        },
        payload: JSON.parse(veriffSample.body),
      },
    });
    await expect.poll(() => stack.sqs.depth(stack.queues.main.name)).toBe(0);
  } finally {
    await stack.stop();
  }
});

test('each event type reaches the bus under its own name', async () => {
  const types = new Set<string>();
  const stack = await startLocalStack({
    assemblyDir: inject('eventBusAssemblyDir'),
    secret: SECRET,
    onBusEvent: (event) => types.add(event['detail-type']),
  });
  try {
    for (const type of EVENT_TYPES) await deliver(stack.url, { body: sample(fileName(type)).body });
    await expect.poll(() => [...types].sort()).toEqual([...EVENT_TYPES].sort());
  } finally {
    await stack.stop();
  }
});

test('a message without an attribute that the pipe names stays on the queue, and the pipe goes on, as after an error', async () => {
  const sqs = await startSqs();
  const QueueUrl = `${sqs.endpoint}/000000000000/piped`;
  await sqs.createQueue({ name: 'piped', url: QueueUrl, arn: '', attributes: {} });
  const attribute = { DataType: 'String', StringValue: 'user-status.created' };
  for (const MessageAttributes of [{}, { eventType: attribute }]) {
    await sqs.call('SendMessage', { QueueUrl, MessageBody: '{}', MessageAttributes });
  }
  const { promise: event, resolve: put } = Promise.withResolvers<BusEvent>();
  const told: string[] = [];
  const planned = {
    queueUrl: QueueUrl,
    BatchSize: 10,
    InputTemplate: '{"payload": <$.body>}',
    EventBridgeEventBusParameters: {
      Source: 'veriff',
      DetailType: '$.messageAttributes.eventType.stringValue',
    },
  };
  const pipe = startPipe(planned, sqs.endpoint, put, (line) => told.push(line));
  expect((await event)['detail-type']).toBe('user-status.created');
  await expect.poll(() => sqs.depth('piped')).toBe(1);
  expect(told).toEqual([expect.stringMatching(/ stays on the queue: expected the message to have /)]);
  await sqs.stop();
  await expect.poll(() => told.join()).toContain('the pipe goes on after an error');
  await pipe.stop();
});

test('a template gives text for a path in quotes and JSON for one without', () => {
  const record = { a: { b: 'x"y' }, body: { deep: [1, null] } };
  expect(transform('{"text": "<$.a.b>", "json": <$.body>, "fixed": 1}', record)).toEqual({
    text: 'x"y',
    json: { deep: [1, null] },
    fixed: 1,
  });
});

test('a path that the message lacks is an error, not an empty value', () => {
  expect(() => transform('{"a": <$.a.b>}', { a: {} })).toThrow(
    'expected the message to have a.b, which the pipe names',
  );
});
