import { describe, expect, it } from 'vitest';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
  veriffSample,
} from '../support/samples.ts';
import { PRIVATE } from './events/payload.ts';
import { isEvent, isTime, reasonFor } from './judge/contract-rules.ts';
import { fingerprintOf, judge, type Observed } from './judge/judge.ts';
import { hmac } from './judge/reading.ts';
import { SECRETS, type Secret } from './secret-forms.ts';

const secret: Secret = SECRETS.names;
const [live, , odd] = secret.keys;
const key = live?.secret ?? '';
const EVENT_ID = '0'.repeat(64);

function signed(body: string, name = 'x-hmac-signature') {
  return { headers: { [name]: hmac(body, key) }, body };
}

const event = signed(veriffSample.body);
const unsigned = { headers: {}, body: veriffSample.body };

function answer(statusCode: number, body: object, type = 'application/problem+json') {
  return { statusCode, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

const line = (outcome: string, more: object = {}) => JSON.stringify({ outcome, ...more });
const verified = { key: fingerprintOf(key) };

const refused: Observed = {
  answer: answer(401, { status: 401 }),
  writes: [],
  lines: [line('Refused')],
};
const refusedWith = (...lines: string[]) => ({ ...refused, lines });
const attributes = { eventId: EVENT_ID, integration: 'live', receivedAt: '2026-11-23T10:00:00.000Z' };
const stored = { queue: 'main', body: veriffSample.body, attributes };
const accepted: Observed = {
  answer: answer(200, { status: 'accepted', eventId: EVENT_ID }, 'application/json'),
  writes: [stored],
  lines: [line('Accepted', verified)],
};
const written = (more: object) => ({ ...accepted, writes: [{ ...stored, ...more }] });
const labelled = (more: object) => written({ attributes: { ...attributes, ...more } });
const logged = (more: object) => ({ ...accepted, lines: [line('Accepted', { ...verified, ...more })] });
const setAside = (body: string, reason: string, problem = '', more = {}): Observed => ({
  answer: answer(200, { status: 'quarantined', reason, problems: [problem] }, 'application/json'),
  writes: [{ queue: 'quarantine', body, attributes: { ...attributes, reason, ...more } }],
  lines: [line('Quarantined', verified)],
});
const [decision] = otherWebhookSamples.filter(({ name }) => name.endsWith('decision'));
const decided = decision?.body ?? '';

const REPEATS = 'neither a log line nor an answer repeats';
const ONE_LINE = 'a delivery has one line in the log';

describe('the judge of the fuzzer', () => {
  it.each<[string, unknown, Observed]>([
    ['an accepted delivery', event, accepted],
    ['another name of the header', signed(veriffSample.body, 'VRF-HMAC-Signature'), accepted],
    ['a refused delivery', unsigned, refused],
  ])('finds nothing where every promise is kept: %s', (_, given, observed) => {
    expect(() => judge(given, observed, secret)).not.toThrow();
  });

  it.each<[string, unknown, Observed]>([
    ['what is not signed is refused', unsigned, accepted],
    ['what is signed correctly is not refused', event, refused],
    ['the status is documented', unsigned, { ...refused, answer: answer(500, { status: 500 }) }],
    ['the status is documented', unsigned, { ...refused, answer: undefined }],
    ['one queue write for a 200', event, { ...accepted, writes: [] }],
    ['one queue write for a 200', event, { ...accepted, writes: [stored, stored] }],
    ['one queue write for a 200 and none otherwise', unsigned, { ...refused, writes: [stored] }],
    ['the body is verbatim', event, written({ body: '{}' })],
    ['an event goes to the main queue: quarantine', event, written({ queue: 'quarantine' })],
    ['what is no event goes to quarantine: main', signed('{}'), written({ body: '{}' })],
    ['the answer names the id', event, labelled({ eventId: '1'.repeat(64) })],
    ['SQS can carry it', event, labelled({ statusCode: '' })],
    ['what fits is not too large', signed('{}'), { ...logged({}), writes: [], answer: answer(413, {}) }],
    [REPEATS, unsigned, refusedWith(line(PRIVATE))],
    [REPEATS, unsigned, refusedWith(line(key))],
    [ONE_LINE, unsigned, refusedWith()],
    [ONE_LINE, unsigned, refusedWith(line('Refused'), line('Refused'))],
    ['a refused delivery names no key', unsigned, refusedWith(line('Refused', verified))],
    ['names the key that signed', event, logged({ key: fingerprintOf(odd?.secret ?? '') })],
    ['names no version', event, logged({ version: 'AWSPREVIOUS' })],
    ["the key's name: constructor", event, labelled({ integration: 'constructor' })],
    ['nothing is left out of what fits', event, logged({ reduced: true })],
    ['the reason is right: not-json', signed('{}'), setAside('{}', 'not-json')],
    ['another webhook', signed(decided), setAside(decided, 'other-webhook', '', { webhook: 'decision' })],
    ['names it, too', signed(decided), setAside(decided, 'other-webhook', "Veriff's decision webhook")],
    [REPEATS, unsigned, { ...refused, answer: answer(401, { status: 401, detail: key }) }],
  ])('finds a broken promise: %s', (promise, given, observed) => {
    expect(() => judge(given, observed, secret)).toThrow(promise);
  });

  it('takes no header but the signature for anything', () => {
    const named = { ...event, headers: { ...event.headers, 'x-auth-client': 'constructor' } };
    expect(() => judge(named, accepted, secret)).not.toThrow();
    expect(() => judge(named, labelled({ integration: 'constructor' }), secret)).toThrow("the key's name");
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
