import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { userStatusAttributes } from '../../contract/attributes.ts';
import { messageAttributes, parseUserStatusMessage } from '../../contract/message.ts';
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
        expect(v.is(v.strictObject(userStatusAttributes.entries), attributes)).toBe(true);
      },
    ),
  );
});
