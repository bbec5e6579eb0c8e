import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { eventId, isSqsText, messageAttributes, validAttributes } from '../../contract/message.ts';
import { userStatusCreated } from '../../contract/subscriber.ts';
import { veriffSample } from '../support/samples.ts';

const event = v.parse(userStatusCreated, JSON.parse(veriffSample.body));
const VERIFF_SAMPLE_ID = 'ac34a994f9030e71eae8f1216c22816e665ef491911677d6106c6bb0640c06d6';

describe('eventId', () => {
  it('is SHA-256 over the JSON array of the fields that name the fact, as another tool computes it', () => {
    expect(eventId(event)).toBe(VERIFF_SAMPLE_ID);
  });

  it('stays the same when the event is sent again at another time, or with what Veriff adds later', () => {
    const resent = { ...event, time: '2024-01-01T00:00:00Z', vendorData: 'x', added: 1 };
    expect(eventId(resent)).toBe(VERIFF_SAMPLE_ID);
  });

  it('changes with each field that names the fact', () => {
    const { verification } = event.data;
    const status = (change: object) => ({
      ...event,
      data: {
        verification: { ...verification, userDefinedData: { ...verification.userDefinedData, ...change } },
      },
    });
    const others = [
      { ...event, sessionId: 'other' },
      { ...event, attemptId: 'other' },
      { ...event, data: { verification: { ...verification, id: 'other' } } },
      status({ statusCode: 'other' }),
      status({ reasonCode: 'other' }),
      status({ reasonCode: 'null' }),
      status({ createdAt: '2023-10-27T09:59:15.090806Z' }),
    ];
    expect(new Set([event, ...others].map(eventId)).size).toBe(others.length + 1);
  });

  it('is shared by no two lists of fields, however they are cut', () => {
    const id = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', '"', ',', '\\', ']') });
    fc.assert(
      fc.property(id, id, id, id, (a, b, c, d) => {
        const same = a === c && b === d;
        const first = eventId({ ...event, sessionId: a, attemptId: b });
        const second = eventId({ ...event, sessionId: c, attemptId: d });
        expect(first === second).toBe(same);
      }),
    );
  });
});

describe('the attributes', () => {
  const receivedAt = new Date('2026-11-23T10:00:00.123Z');

  it('name the event, where it came from and when', () => {
    expect(messageAttributes(event, { integration: 'api-key', receivedAt })).toEqual({
      eventId: VERIFF_SAMPLE_ID,
      eventType: 'user-status.created',
      statusCode: 'custom_status_for_suspicious_attempt',
      sessionId: '0b10cb53-4f3b-48af-bd74-60b85354e51f',
      attemptId: 'f2270684-8c51-4d03-88eb-dafd43e8b486',
      createdAt: '2023-10-27T09:59:15.090805Z',
      integration: 'api-key',
      receivedAt: '2026-11-23T10:00:00.123Z',
    });
  });

  it.each([undefined, '', 'a\u0001b', 'a\uFFFFb', 'a\uD800b'])(
    'leave out what SQS cannot carry: %j',
    (integration) => {
      expect(messageAttributes(event, { integration, receivedAt })).not.toHaveProperty('integration');
      expect(validAttributes({ integration, kept: 'x' })).toEqual({ kept: 'x' });
    },
  );
});

describe('isSqsText', () => {
  it('agrees with the ranges that SQS names, for every character', () => {
    const legal = (code: number) =>
      [0x9, 0xa, 0xd].includes(code) ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000;
    for (let code = 0; code <= 0x10ffff; code++) {
      if (isSqsText(String.fromCodePoint(code)) !== legal(code)) expect.fail(`U+${code.toString(16)}`);
    }
  });

  it('is false for the empty text, and for one with a single character that is refused', () => {
    expect(isSqsText('')).toBe(false);
    expect(isSqsText('a\u0000')).toBe(false);
    expect(isSqsText('\uFFFEa')).toBe(false);
  });
});
