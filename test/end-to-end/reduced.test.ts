import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Call } from '../support/call.ts';
import { delivering } from '../support/delivering.ts';
import { awsError } from '../support/fault.ts';
import { type FaultyStack, startFaultyStack } from '../support/faulty-stack.ts';
import { veriffSample } from '../support/samples.ts';
import { SECRET } from '../support/webhook.ts';

const lines: string[] = [];
/** Which messages SQS refuses. */
let refuses: (message: Call['input']) => boolean = () => false;
let type = 'InvalidParameterValue';
let stack: FaultyStack;
let deliver: ReturnType<typeof delivering>;

beforeAll(async () => {
  stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: JSON.stringify({ live: SECRET }),
    maxEnvironments: 1,
    onLog: (line) => void lines.push(line),
  });
  deliver = delivering(stack, lines);
});
beforeEach(() => {
  refuses = () => false;
  type = 'InvalidParameterValue';
  stack.faults.sqs.plan((_, { action, input }) =>
    action === 'SendMessage' && refuses(input) ? awsError(400, type) : undefined,
  );
});
afterAll(() => stack.stop());

const has = (name: string) => (message: Call['input']) => Object.hasOwn(Object(message[name]), key(name));
const key = (name: string) => (name === 'MessageSystemAttributes' ? 'AWSTraceHeader' : 'statusCode');
const goesTo = (queue: 'main' | 'quarantine', message: Call['input']) =>
  String(message.QueueUrl).endsWith(`/${stack.queues[queue].name}`);

describe('an event that SQS refuses for what it does not need', () => {
  it.each([
    ['its trace header', has('MessageSystemAttributes'), 'InvalidParameterValue'],
    ['an attribute', has('MessageAttributes'), 'InvalidParameterValue'],
    ['an attribute, in other words', has('MessageAttributes'), 'InvalidAttributeValue'],
    ['a character of an attribute', has('MessageAttributes'), 'InvalidMessageContents'],
  ])('is accepted without any of it, and logged and counted as reduced: %s', async (_, refused, error) => {
    refuses = refused;
    type = error;
    const accepted = await deliver();
    expect(accepted).toMatchObject({
      status: 200,
      answer: { status: 'accepted' },
      line: { outcome: 'Accepted', reduced: true },
      quarantine: [],
    });
    expect(accepted.main).toEqual([
      { body: veriffSample.body, attributes: { eventId: accepted.answer.eventId } },
    ]);
    expect(lines.join()).toContain('"ReducedMessage":1');
    expect(stack.faults.sqs.calls).toHaveLength(2);
  });

  it('is sent once when nothing is refused, with all that it has', async () => {
    const accepted = await deliver();
    expect(accepted.line).not.toHaveProperty('reduced');
    expect(accepted.main[0]?.attributes).toMatchObject({
      integration: 'live',
      statusCode: expect.any(String),
    });
    expect(lines.join()).not.toContain('ReducedMessage');
    expect(stack.faults.sqs.calls).toHaveLength(1);
  });

  it('goes to quarantine when it is refused without it, too', async () => {
    refuses = (message) => goesTo('main', message);
    const kept = await deliver();
    expect(kept).toMatchObject({
      status: 200,
      answer: { status: 'quarantined', reason: 'refused-by-queue' },
      line: { outcome: 'Quarantined', reason: 'refused-by-queue' },
      main: [],
      quarantine: [{ attributes: { reason: 'refused-by-queue', bodyEncoding: 'data-url' } }],
    });
    const bytes = await (await fetch(kept.quarantine[0]?.body ?? '')).text();
    expect(bytes).toBe(veriffSample.body);
  });

  it('is unavailable, never too large, when the quarantine queue refuses it as well', async () => {
    refuses = () => true;
    expect(await deliver()).toMatchObject({
      status: 503,
      line: { outcome: 'Unavailable', dependency: 'queue' },
      main: [],
      quarantine: [],
    });
  });
});

describe('what is no event', () => {
  const body = '{"eventType":"other","statusCode":"x"}';

  it('is kept in quarantine without what it does not need, when SQS refuses that', async () => {
    refuses = (message) => Object.hasOwn(Object(message.MessageAttributes), 'problems');
    expect(await deliver({ body })).toMatchObject({
      status: 200,
      answer: { status: 'quarantined', reason: 'unfamiliar-event-type' },
      line: { outcome: 'Quarantined', reduced: true },
      quarantine: [{ body, attributes: { reason: 'unfamiliar-event-type' } }],
    });
  });

  it('is unavailable, never too large, when the quarantine queue refuses it', async () => {
    refuses = (message) => goesTo('quarantine', message);
    expect(await deliver({ body })).toMatchObject({ status: 503, line: { outcome: 'Unavailable' } });
  });
});
