import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDelivery, toResponse } from '../../../functions/receiver/http.ts';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import { UnavailableError } from '../../../functions/receiver/retry.ts';
import type { Key } from '../../../functions/receiver/signature.ts';

const receivedAt = new Date('2026-11-23T10:00:00Z');
const deliver = (event: unknown) => toDelivery(event, receivedAt);

describe('an API Gateway event', () => {
  it.each([
    ['text', { body: 'äöü', isBase64Encoded: false }],
    ['base64', { body: Buffer.from('äöü').toString('base64'), isBase64Encoded: true }],
  ])('gives the bytes as Veriff sent them: %s', (_, event) => {
    expect(Buffer.from(deliver(event).body)).toEqual(Buffer.from('äöü'));
  });

  it('is decoded once: a body that looks like base64 stays as it is', () => {
    expect(Buffer.from(deliver({ body: 'YWJj', isBase64Encoded: false }).body).toString()).toBe('YWJj');
    const twice = Buffer.from('YWJj').toString('base64');
    expect(Buffer.from(deliver({ body: twice, isBase64Encoded: true }).body).toString()).toBe('YWJj');
  });

  it.each([undefined, null, 'true', 1])('is text unless it says that it is base64: %j', (isBase64Encoded) => {
    expect(Buffer.from(deliver({ body: 'YWJj', isBase64Encoded }).body).toString()).toBe('YWJj');
  });

  it('gives any bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const body = Buffer.from(bytes).toString('base64');
        expect(Buffer.from(deliver({ body, isBase64Encoded: true }).body)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each([
    'x-hmac-signature',
    'X-HMAC-SIGNATURE',
    'X-Hmac-Signature',
    'vrf-hmac-signature',
    'VRF-HMAC-Signature',
  ])('has the signature in the header %s', (name) =>
    expect(deliver({ headers: { [name]: 'abc' } }).signature).toBe('abc'),
  );

  it('has the signature in x-hmac-signature first', () => {
    const headers = { 'vrf-hmac-signature': 'second', 'x-hmac-signature': 'first' };
    expect(deliver({ headers }).signature).toBe('first');
  });

  it('has the signature in vrf-hmac-signature when x-hmac-signature is empty', () => {
    const headers = { 'vrf-hmac-signature': 'second', 'x-hmac-signature': '' };
    expect(deliver({ headers }).signature).toBe('second');
  });

  it('takes nothing else from a header: none of them is signed', () => {
    const named = { 'x-auth-client': 'a', 'vrf-auth-client': 'b', 'vrf-integration-id': 'c' };
    expect(deliver({ headers: named })).toEqual(deliver({ headers: {} }));
  });

  it("names the sender's address, as API Gateway saw it", () => {
    expect(deliver({ requestContext: { http: { sourceIp: '203.0.113.7' } } }).source).toBe('203.0.113.7');
    expect(deliver({ headers: { 'x-forwarded-for': '203.0.113.7' } }).source).toBe('');
  });

  it("is of the project's own tools when its User-Agent says so", () => {
    expect(deliver({ headers: { 'User-Agent': 'veriff-status-receiver' } }).isFromTools).toBe(true);
    expect(deliver({ headers: { 'user-agent': 'veriff-status-receiver/1' } }).isFromTools).toBe(false);
  });

  it('does not take the legacy signature', () => {
    expect(deliver({ headers: { 'x-signature': 'abc' } }).signature).toBeUndefined();
  });

  it.each([
    undefined,
    null,
    'text',
    7,
    [],
    {},
    { headers: null, body: null, isBase64Encoded: 'true' },
    { headers: { 'x-hmac-signature': 7 } },
  ])('of another shape is a delivery without body and signature: %j', (event) => {
    expect(deliver(event)).toEqual({
      body: Buffer.alloc(0),
      signature: undefined,
      source: '',
      isFromTools: false,
      receivedAt,
    });
  });

  it('never makes it throw', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (event) => void deliver(event)));
  });
});

describe('the answer', () => {
  const key: Key = {
    secret: 'the secret',
    integration: 'live',
    fingerprint: 'f1f1f1f1',
    label: 'AWSCURRENT',
  };
  const why = {
    reason: 'invalid-event',
    problems: ['time: missing'],
    text: 'the body',
    eventType: 'x',
  } as const;

  it.each<[Outcome, number, object]>([
    [
      { kind: 'Accepted', eventId: 'id', isReduced: false, unknown: [], key },
      200,
      { status: 'accepted', eventId: 'id' },
    ],
    [
      { kind: 'Quarantined', why, isReduced: false, key },
      200,
      { status: 'quarantined', reason: why.reason, problems: why.problems },
    ],
  ])('says what was kept: $kind', (outcome, status, body) => {
    const { statusCode, headers, body: text } = toResponse(outcome);
    expect([statusCode, headers, JSON.parse(text)]).toEqual([
      status,
      { 'content-type': 'application/json' },
      body,
    ]);
  });

  it.each<[Outcome, number, string, string]>([
    [
      { kind: 'TooLarge', key },
      413,
      'Content Too Large',
      'The payload does not fit into an SQS message (1 MiB).',
    ],
    [
      { kind: 'Refused', reason: 'signature-missing' },
      401,
      'Unauthorized',
      'The request is not signed with a key that is stored here.',
    ],
    [
      { kind: 'Unavailable', error: new UnavailableError('queue', 'secret cause') },
      503,
      'Service Unavailable',
      'The event was not confirmed as stored. Send it again.',
    ],
  ])('is a problem document otherwise: $kind', (outcome, status, title, detail) => {
    const { statusCode, headers, body } = toResponse(outcome);
    expect(statusCode).toBe(status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['retry-after']).toBe(status === 503 ? '60' : undefined);
    expect(JSON.parse(body)).toEqual({ type: 'about:blank', title, status, detail });
  });

  it('says to the doctor that its probe went the whole way', () => {
    expect(toResponse({ kind: 'Probed' })).toMatchObject({ statusCode: 200, body: '{"status":"probed"}' });
  });

  it('to an address that may not send is 403', () => {
    const { statusCode, body } = toResponse({ kind: 'Refused', reason: 'source-not-allowed' });
    expect([statusCode, JSON.parse(body).title, JSON.parse(body).detail]).toEqual([
      403,
      'Forbidden',
      'The request comes from an address that may not send.',
    ]);
  });

  it('to a refused sender is the same, whatever was wrong', () => {
    const reasons = ['signature-missing', 'signature-malformed', 'signature-mismatch'] as const;
    const answers = reasons.map((reason) => JSON.stringify(toResponse({ kind: 'Refused', reason })));
    expect(new Set(answers).size).toBe(1);
  });
});
