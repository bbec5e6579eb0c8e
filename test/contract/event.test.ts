import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, readPayload } from '../../contract/event.ts';
import { invalidSamples, unfamiliarSample, validSamples } from '../support/samples.ts';
import { replaced, sampleWith } from '../support/webhook.ts';

const TYPES = EVENT_TYPES.join(' or ');

const problemsOfInvalid: Record<string, readonly string[]> = {
  'attempt-id-number': ['attemptId: expected a non-empty string, got a number'],
  'created-at-30-february': [
    'data.verification.userDefinedData.createdAt: expected an ISO 8601 time with Z or an offset, got another string',
  ],
  'created-at-not-a-time': [
    'data.verification.userDefinedData.createdAt: expected an ISO 8601 time with Z or an offset, got another string',
  ],
  'created-at-too-fine': [
    'data.verification.userDefinedData.createdAt: expected an ISO 8601 time with Z or an offset, got another string',
  ],
  'data-missing': ['data: missing'],
  'end-user-id-number': ['endUserId: expected a string or null, got a number'],
  'event-type-empty': [`eventType: expected ${TYPES}, got an empty string`],
  'event-type-missing': ['eventType: missing'],
  'nested-too-deep': ['payload: nested deeper than 64 levels'],
  'not-an-object': [
    'eventType: missing',
    'sessionId: missing',
    'attemptId: missing',
    'time: missing',
    'data: missing',
  ],
  'reason-code-boolean': [
    'data.verification.userDefinedData.reasonCode: expected a string or null, got a boolean',
  ],
  'reason-code-lone-surrogate': [
    'data.verification.userDefinedData.reasonCode: expected a string without lone surrogates, got a string with a lone surrogate',
  ],
  'reason-code-missing': ['data.verification.userDefinedData.reasonCode: missing'],
  'reason-null': ['data.verification.userDefinedData.reason: expected a string, got null'],
  'session-id-empty': ['sessionId: expected a non-empty string, got an empty string'],
  'session-id-lone-surrogate': [
    'sessionId: expected a string without lone surrogates, got a string with a lone surrogate',
  ],
  'session-id-missing': ['sessionId: missing'],
  'status-code-empty': [
    'data.verification.userDefinedData.statusCode: expected a non-empty string, got an empty string',
  ],
  'status-code-null': ['data.verification.userDefinedData.statusCode: expected a non-empty string, got null'],
  'status-missing': ['data.verification.userDefinedData.status: missing'],
  'time-hour-24': ['time: expected an ISO 8601 time with Z or an offset, got another string'],
  'time-missing': ['time: missing'],
  'time-without-zone': ['time: expected an ISO 8601 time with Z or an offset, got another string'],
  'trailing-comma': ['payload: expected JSON, got other text'],
  'user-defined-data-null': ['data.verification.userDefinedData: expected an object, got null'],
  'vendor-data-object': ['vendorData: expected a string or null, got an object'],
  'verification-array': ['data.verification.id: missing', 'data.verification.userDefinedData: missing'],
  'verification-id-empty': ['data.verification.id: expected a non-empty string, got an empty string'],
};

describe('a payload', () => {
  it.each(validSamples)('is an event with all that it holds: $name', ({ body }) => {
    expect(readPayload(body)).toEqual({ ok: true, event: JSON.parse(body) });
  });

  it.each(invalidSamples)('is refused with every problem named: $name', ({ name, body }) => {
    const payload = readPayload(body);
    expect(payload).toMatchObject({
      ok: false,
      unusable: { problems: problemsOfInvalid[name.slice('invalid/'.length)] },
    });
  });

  it('that is not JSON is told from one that is not the schema', () => {
    expect(readPayload('{"a":1,}')).toMatchObject({ unusable: { reason: 'not-json' } });
    expect(readPayload('{"a":1}')).toMatchObject({ unusable: { reason: 'invalid-event' } });
  });

  it('of an unfamiliar event type is not an error of the schema, and names its type', () => {
    expect(readPayload(unfamiliarSample.body)).toEqual({
      ok: false,
      unusable: {
        reason: 'unfamiliar-event-type',
        problems: [`eventType: expected ${TYPES}, got another event type`],
        eventType: 'user-status.removed',
      },
    });
  });

  it('that is invalid in spite of a familiar type names that type', () => {
    const body = JSON.stringify({ eventType: 'user-status.created' });
    expect(readPayload(body)).toMatchObject({
      unusable: { reason: 'invalid-event', eventType: 'user-status.created' },
    });
  });

  it.each(['null', '1', '"text"', 'true', '[]'])('that is no object is invalid: %s', (body) => {
    const payload = readPayload(body);
    expect(payload).toMatchObject({ ok: false, unusable: { reason: 'invalid-event' } });
    expect(payload).not.toHaveProperty('unusable.eventType');
  });

  it.each([
    ['null', 'payload: expected an object, got null'],
    ['7', 'payload: expected an object, got a number'],
    ['"text"', 'payload: expected an object, got another string'],
    ['false', 'payload: expected an object, got a boolean'],
  ])('that is %s says so', (body, problem) => {
    expect(readPayload(body)).toMatchObject({ unusable: { problems: [problem] } });
  });

  it.each([
    ['null', 'null'],
    ['[]', 'an array'],
    ['{}', 'an object'],
    ['1', 'a number'],
    ['true', 'a boolean'],
    ['""', 'an empty string'],
  ])('names what it holds in place of an id: %s', (value, kind) => {
    const body = sampleWith(() => {}).replace(/"sessionId":"[^"]*"/, `"sessionId":${value}`);
    expect(readPayload(body)).toMatchObject({
      unusable: { problems: [`sessionId: expected a non-empty string, got ${kind}`] },
    });
  });

  it('has a status that is a string', () => {
    const body = sampleWith(() => {}).replace(/"status":"[^"]*"/, '"status":7');
    expect(readPayload(body)).toMatchObject({
      unusable: {
        problems: ['data.verification.userDefinedData.status: expected a string, got a number'],
      },
    });
  });

  it('may hold 64 levels, and no more, in a property that is unknown', () => {
    const body = (levels: number) =>
      sampleWith(() => {}).replace(/}$/, `,"extra":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(readPayload(body(63)).ok).toBe(true);
    for (const levels of [64, 100_000]) {
      expect(readPayload(body(levels))).toEqual({
        ok: false,
        unusable: { reason: 'invalid-event', problems: ['payload: nested deeper than 64 levels'] },
      });
    }
  });

  it('cannot touch a prototype', () => {
    const body = sampleWith(() => {}).replace(/}$/, ',"__proto__":{"polluted":true}}');
    const payload = readPayload(body);
    expect(payload.ok && 'polluted' in payload.event).toBe(false);
    expect({}).not.toHaveProperty('polluted');
  });

  it('has problems that repeat none of its values', () => {
    const marked = fc.anything({
      values: [fc.string({ minLength: 12, maxLength: 20 }).map((s) => `«${s}»`)],
    });
    fc.assert(
      fc.property(marked, marked, (sessionId, data) => {
        const payload = readPayload(
          JSON.stringify({ eventType: 'user-status.created', sessionId, data }) ?? '',
        );
        expect(JSON.stringify(payload.ok ? '' : payload.unusable.problems)).not.toContain('«');
      }),
    );
  });

  it('is read without an exception, whatever it is', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readPayload(text)));
  });
});

describe('an id or a code', () => {
  const bodyWith = (path: readonly string[], value: string) =>
    JSON.stringify(replaced(JSON.parse(sampleWith(() => {})), path, value));
  const paths = [
    ['sessionId'],
    ['attemptId'],
    ['vendorData'],
    ['endUserId'],
    ['data', 'verification', 'id'],
    ['data', 'verification', 'userDefinedData', 'statusCode'],
    ['data', 'verification', 'userDefinedData', 'reasonCode'],
  ];

  it.each(paths)('is a string without lone surrogates: %s %s %s %s', (...path) => {
    for (const half of ['\uD83D', '\uDEA9', 'a\uD83D', '\uDEA9\uD83D', '\uD83Db']) {
      const names = path.filter((name) => name !== undefined);
      expect(readPayload(bodyWith(names, half))).toMatchObject({
        unusable: {
          reason: 'invalid-event',
          problems: [
            `${names.join('.')}: expected a string without lone surrogates, got a string with a lone surrogate`,
          ],
        },
      });
    }
    expect(readPayload(bodyWith(path, '\u{1F6A9}\uFFFF')).ok).toBe(true);
  });

  it('never has half a character when it comes to the id of the event', () => {
    const text = fc.string({ unit: fc.constantFrom('\uD83D', '\uDEA9', 'a'), minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...paths), text, (path, id) => {
        expect(readPayload(bodyWith(path, id)).ok).toBe(id.isWellFormed());
      }),
    );
  });
});

describe('a text', () => {
  it.each(['status', 'reason'])('may be cut in the middle of a character, as people do it: %s', (name) => {
    const body = replaced(
      JSON.parse(sampleWith(() => {})),
      ['data', 'verification', 'userDefinedData', name],
      'a\uD83D',
    );
    expect(readPayload(JSON.stringify(body)).ok).toBe(true);
  });
});

describe('a time', () => {
  const accepts = (createdAt: string) =>
    readPayload(
      sampleWith((payload) => {
        payload.data.verification.userDefinedData.createdAt = createdAt;
      }),
    ).ok;

  it.each([
    '2023-10-27T09:59:15Z',
    '2023-10-27T09:59:15.1Z',
    '2023-10-27T09:59:15.090805Z',
    '2023-10-27T09:59:15.123456789Z',
    '2023-10-27T09:59:15+02:00',
    '2023-10-27T09:59:15.5-0330',
  ])('may be %s', (time) => expect(accepts(time)).toBe(true));

  it.each([
    '',
    '2023-10-27',
    '2023-10-27T09:59:15',
    '2023-13-27T09:59:15Z',
    '1698400755',
    '2023-10-27T09:59:15.1234567890Z',
    '2023-02-29T09:59:15Z',
    '2023-04-31T09:59:15Z',
    '2023-10-27T24:00:00Z',
    '2023-10-27T09:59:60Z',
    '0000-10-27T09:59:15Z',
  ])('may not be "%s"', (time) => expect(accepts(time)).toBe(false));
});
