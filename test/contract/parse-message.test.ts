import type { ReceiveMessageResult } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../contract/event.ts';
import { InvalidMessageError, parseUserStatusMessage } from '../../contract/parse-message.ts';
import { userStatusCreated } from '../../contract/subscriber.ts';
import { invalidSamples, validSamples, veriffSample } from '../support/samples.ts';
import { sampleWith } from '../support/webhook.ts';

const event = v.parse(userStatusCreated, JSON.parse(veriffSample.body));
const VERIFF_SAMPLE_ID = 'ac34a994f9030e71eae8f1216c22816e665ef491911677d6106c6bb0640c06d6';

describe('parseUserStatusMessage', () => {
  const expected = { eventId: VERIFF_SAMPLE_ID, event };
  const Body = veriffSample.body;

  it.each([{ Body }, { Body, MessageAttributes: null }, { body: Body }])(
    'reads a message of either shape: %#',
    (message) => {
      expect(parseUserStatusMessage(message)).toEqual(expected);
    },
  );

  it('has the id that follows from the payload, whatever the attributes say', () => {
    const MessageAttributes = { eventId: { DataType: 'String', StringValue: 'given' } };
    const messageAttributes = { eventId: { dataType: 'String', stringValue: 'given' } };
    expect(parseUserStatusMessage({ Body, MessageAttributes })).toEqual(expected);
    expect(parseUserStatusMessage({ body: Body, messageAttributes })).toEqual(expected);
  });

  it.each(validSamples)('reads every valid sample: $name', ({ body }) => {
    expect(parseUserStatusMessage({ Body: body }).event).toEqual(JSON.parse(body));
  });

  it.each(invalidSamples)('throws an InvalidMessageError for every invalid one: $name', ({ body }) => {
    expect(() => parseUserStatusMessage({ Body: body })).toThrow(InvalidMessageError);
  });

  it('says what was expected, what came and what to do', () => {
    const act = () => parseUserStatusMessage({ Body: '{"eventType":"x"}' });
    expect(act).toThrow(
      'Expected a message with a user-status event, got one with these problems: eventType: expected ' +
        `${EVENT_TYPES.join(' or ')}, got another event type. ` +
        'Do not delete it: after five receives SQS moves it to the dead-letter queue.',
    );
    expect(act).toThrow(expect.objectContaining({ name: 'InvalidMessageError' }));
  });

  it('names every problem', () => {
    const body = sampleWith((payload) => {
      payload.sessionId = '';
      payload.attemptId = '';
    });
    expect(() => parseUserStatusMessage({ Body: body })).toThrow(
      'sessionId: expected a non-empty string, got an empty string; attemptId: expected',
    );
  });

  it.each(['null', '"text"', '{}', '{ "Body": 1 }'])(
    'throws an InvalidMessageError for what is no message: %s',
    (message) => {
      expect(() => parseUserStatusMessage(JSON.parse(message))).toThrow(
        'message: expected an SQS message with a body',
      );
    },
  );

  it('takes one message: neither the whole answer of ReceiveMessage nor a whole Lambda event compiles', () => {
    const answer: ReceiveMessageResult = { Messages: [{ Body }] };
    const lambdaEvent: SQSEvent = { Records: [] };
    // @ts-expect-error The messages are in Messages.
    expect(() => parseUserStatusMessage(answer)).toThrow(InvalidMessageError);
    // @ts-expect-error
    expect(() => parseUserStatusMessage(answer.Messages)).toThrow(InvalidMessageError);
    // @ts-expect-error The messages are in Records.
    expect(() => parseUserStatusMessage(lambdaEvent)).toThrow(InvalidMessageError);
  });
});
