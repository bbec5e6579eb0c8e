import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../contract/event.ts';
import { validate } from '../../../functions/receiver/validate.ts';
import { unfamiliarSample, validSamples, veriffSample } from '../../support/samples.ts';

describe('validate', () => {
  it.each(validSamples)('gives the event and the text of every valid sample: $name', ({ body }) => {
    expect(validate(Buffer.from(body))).toEqual({ ok: true, event: JSON.parse(body), text: body });
  });

  it('gives reason, problems, event type and text of a body that is no event', () => {
    expect(validate(Buffer.from(unfamiliarSample.body))).toEqual({
      ok: false,
      reason: 'unfamiliar-event-type',
      problems: [`eventType: expected ${EVENT_TYPES.join(' or ')}, got another event type`],
      eventType: 'user-status.removed',
      text: unfamiliarSample.body,
    });
  });

  it('keeps a byte order mark, which JSON does not allow', () => {
    const text = `\uFEFF${veriffSample.body}`;
    expect(validate(Buffer.from(text))).toMatchObject({ ok: false, reason: 'not-json', text });
  });

  it('gives no text for bytes that are not UTF-8', () => {
    expect(validate(Buffer.from([0x22, 0xff, 0x22]))).toEqual({
      ok: false,
      reason: 'not-json',
      problems: ['payload: expected UTF-8, got other bytes'],
      text: undefined,
    });
  });

  it('never throws, and its text is the body byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        const { text } = validate(body);
        if (text !== undefined) expect(Buffer.from(text).equals(body)).toBe(true);
      }),
    );
  });
});
