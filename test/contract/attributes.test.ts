import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { attributesSchema } from '../../contract/attributes.ts';
import { eventSchemas } from '../../contract/event.ts';
import { messageAttributes } from '../../contract/message.ts';
import { parseUserStatusMessage } from '../../contract/parse-message.ts';
import { validSamples } from '../support/samples.ts';

it('the attributes of every message follow their schema, whatever SQS could not carry', () => {
  const text = fc.string({ minLength: 1, unit: 'binary' });
  fc.assert(
    fc.property(
      fc.constantFrom(...validSamples),
      text,
      fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      ({ body }, id, integration) => {
        const { event } = parseUserStatusMessage({ Body: body });
        const attributes = messageAttributes(
          { ...event, sessionId: id, attemptId: id },
          { integration, receivedAt: new Date() },
        );
        const schema = attributesSchema(eventSchemas[event.eventType]);
        expect(v.is(v.strictObject(schema.entries), attributes)).toBe(true);
      },
    ),
  );
});

it.each(['0'.repeat(63), `${'0'.repeat(64)}0`, `x${'0'.repeat(64)}`, 'A'.repeat(64)])(
  'the event id is 64 lower-case hex digits, and not %s',
  (eventId) => {
    const { event } = parseUserStatusMessage({ Body: validSamples[0]?.body ?? '' });
    const attributes = messageAttributes(event, { integration: undefined, receivedAt: new Date() });
    const schema = attributesSchema(eventSchemas[event.eventType]);
    expect(v.is(schema, { ...attributes, eventId })).toBe(false);
  },
);
