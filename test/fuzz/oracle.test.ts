import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PRIVATE } from '../../tools/proof/fuzz/bodies.ts';
import { isEvent, isTime, reasonFor } from '../../tools/proof/fuzz/contract-rules.ts';
import { findings, fingerprintOf, type Observed } from '../../tools/proof/fuzz/oracle.ts';
import { SECRETS, type Secret } from '../../tools/proof/fuzz/secret-forms.ts';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
  veriffSample,
} from '../support/samples.ts';

const secret: Secret = SECRETS.names;
const [live, , odd] = secret.keys;
const key = live?.secret ?? '';
const EVENT_ID = '0'.repeat(64);

function signed(body: string, name = 'x-hmac-signature') {
  return { headers: { [name]: createHmac('sha256', key).update(body).digest('hex') }, body };
}

const unsigned = { headers: {}, body: veriffSample.body };

function answer(statusCode: number, body: object, type = 'application/problem+json') {
  return { statusCode, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

const line = (outcome: string, more: object = {}) => JSON.stringify({ outcome, ...more });
const verified = { key: fingerprintOf(key), version: 'AWSCURRENT' };

const refused: Observed = {
  answer: answer(401, { status: 401 }),
  writes: [],
  lines: [line('Refused')],
};
const attributes = { eventId: EVENT_ID, integration: 'live', receivedAt: '2026-11-23T10:00:00.000Z' };
const stored = { queue: 'main', body: veriffSample.body, attributes };
const accepted: Observed = {
  answer: answer(200, { status: 'accepted', eventId: EVENT_ID }, 'application/json'),
  writes: [stored],
  lines: [line('Accepted', verified)],
};
const isNamed = (name: string) => ({
  ...accepted,
  writes: [{ ...stored, attributes: { ...attributes, integration: name } }],
});
const logged = (more: object) => ({ ...accepted, lines: [line('Accepted', { ...verified, ...more })] });
const setAside = (body: string, reason: string, problem = '', more = {}): Observed => ({
  answer: answer(200, { status: 'quarantined', reason, problems: [problem] }, 'application/json'),
  writes: [{ queue: 'quarantine', body, attributes: { ...attributes, reason, ...more } }],
  lines: [line('Quarantined', verified)],
});
const [decision] = otherWebhookSamples.filter(({ name }) => name.endsWith('decision'));
const decided = decision?.body ?? '';

describe('the judge of the fuzzer', () => {
  it('finds nothing where every promise is kept', () => {
    expect(findings(signed(veriffSample.body), accepted, secret)).toEqual([]);
    expect(findings(signed(veriffSample.body, 'VRF-HMAC-Signature'), accepted, secret)).toEqual([]);
    expect(findings(unsigned, refused, secret)).toEqual([]);
  });

  it.each<[string, unknown, Observed]>([
    ['what is not signed is refused', unsigned, accepted],
    ['what is signed correctly is not refused', signed(veriffSample.body), refused],
    ['the status is documented', unsigned, { ...refused, answer: answer(500, { status: 500 }) }],
    ['the status is documented', unsigned, { ...refused, answer: undefined }],
    ['one queue write for a 200', signed(veriffSample.body), { ...accepted, writes: [] }],
    ['one queue write for a 200', signed(veriffSample.body), { ...accepted, writes: [stored, stored] }],
    ['one queue write for a 200 and none otherwise', unsigned, { ...refused, writes: [stored] }],
    ['the body is verbatim', signed(veriffSample.body), { ...accepted, writes: [{ ...stored, body: '{}' }] }],
    [
      'all else to quarantine: quarantine',
      signed(veriffSample.body),
      { ...accepted, writes: [{ ...stored, queue: 'quarantine' }] },
    ],
    ['all else to quarantine: main', signed('{}'), { ...accepted, writes: [{ ...stored, body: '{}' }] }],
    [
      'the answer names the id',
      signed(veriffSample.body),
      { ...accepted, writes: [{ ...stored, attributes: { ...attributes, eventId: '1'.repeat(64) } }] },
    ],
    [
      'SQS can carry it',
      signed(veriffSample.body),
      { ...accepted, writes: [{ ...stored, attributes: { ...attributes, statusCode: '' } }] },
    ],
    ['what fits is not too large', signed('{}'), { ...refused, answer: answer(413, { status: 413 }) }],
    ['neither a log line nor an answer repeats', unsigned, { ...refused, lines: [line(PRIVATE)] }],
    ['neither a log line nor an answer repeats', unsigned, { ...refused, lines: [line(key)] }],
    ['a delivery has one line in the log', unsigned, { ...refused, lines: [] }],
    [
      'a delivery has one line in the log',
      unsigned,
      { ...refused, lines: [line('Refused'), line('Refused')] },
    ],
    ['a refused delivery names no key', unsigned, { ...refused, lines: [line('Refused', verified)] }],
    [
      'names the key that signed',
      signed(veriffSample.body),
      logged({ key: fingerprintOf(odd?.secret ?? '') }),
    ],
    ['names the version', signed(veriffSample.body), logged({ version: 'AWSPREVIOUS' })],
    ["the key's name: constructor", signed(veriffSample.body), isNamed('constructor')],
    ['nothing is left out of what fits', signed(veriffSample.body), logged({ reduced: true })],
    ['the reason is right: not-json', signed('{}'), setAside('{}', 'not-json')],
    ['another webhook', signed(decided), setAside(decided, 'other-webhook', '', { webhook: 'decision' })],
    ['names it, too', signed(decided), setAside(decided, 'other-webhook', "Veriff's decision webhook")],
    [
      'neither a log line nor an answer repeats',
      unsigned,
      { ...refused, answer: answer(401, { status: 401, detail: key }) },
    ],
  ])('finds a broken promise: %s', (promise, event, observed) => {
    expect(findings(event, observed, secret).join()).toContain(promise);
  });

  it('takes no header but the signature for anything', () => {
    const { headers, body } = signed(veriffSample.body);
    const event = { headers: { ...headers, 'x-auth-client': 'constructor' }, body };
    expect(findings(event, accepted, secret)).toEqual([]);
    expect(findings(event, isNamed('constructor'), secret)).not.toEqual([]);
  });

  it('knows an event from what is none as the samples of the contract do', () => {
    expect(validSamples.filter(({ body }) => !isEvent(body))).toEqual([]);
    const none = [unfamiliarSample, ...otherWebhookSamples, ...invalidSamples];
    expect(none.filter(({ body }) => isEvent(body))).toEqual([]);
  });

  it("knows Veriff's other webhooks as the samples of the contract do", () => {
    for (const { name, body } of otherWebhookSamples) {
      expect(reasonFor(Buffer.from(body))).toEqual({
        reasons: ['other-webhook'],
        webhook: name.replace('other-webhooks/', ''),
      });
    }
  });

  it('takes a time that cannot be made a text for none', () => {
    expect(isEvent(JSON.stringify({ ...JSON.parse(veriffSample.body), time: { toString: 'x' } }))).toBe(
      false,
    );
  });

  it.each([
    ['2024-02-29T23:59:59.123456789Z', true],
    ['2000-02-29 00:00:00 +23:59', true],
    ['1900-02-29T00:00:00Z', false],
    ['2023-02-29T00:00:00Z', false],
    ['2023-04-31T00:00:00Z', false],
    ['0000-01-01T00:00:00Z', false],
    ['2023-01-01T24:00:00Z', false],
    ['2023-01-01T00:00:60Z', false],
    ['2023-01-01T00:00:00+24:00', false],
    ['2023-01-01T00:00:00.1234567890Z', false],
    ['2023-01-01T00:00:00', false],
  ])('knows the calendar and the clock: %s', (time, isOne) => {
    expect(isTime(time)).toBe(isOne);
  });

  it.each([
    ['64 levels', 63, '', true],
    ['65 levels', 64, '', false],
    ['brackets in a text', 0, '['.repeat(100), true],
  ])('knows how deep an event may be nested: %s', (_, levels, reason, isOne) => {
    const body = veriffSample.body.replace(/"reason":\s*"[^"]*"/, `"reason":"${reason}"`);
    const deep = body.replace(/\}\s*$/, `,"extra":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(isEvent(levels === 0 ? body : deep)).toBe(isOne);
  });

  it.each(['sessionId', 'attemptId', 'vendorData'])('takes half a character in %s for none', (name) => {
    const withHalf = { ...JSON.parse(veriffSample.body), [name]: 'id-\uD83D' };
    expect(isEvent(JSON.stringify(withHalf))).toBe(false);
  });
});
