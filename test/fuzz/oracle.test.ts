import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PRIVATE } from '../../tools/fuzz/bodies.ts';
import { findings, type Observed } from '../../tools/fuzz/oracle.ts';
import { isEvent } from '../../tools/fuzz/reading.ts';
import { secretOf } from '../../tools/fuzz/receiver.ts';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
  veriffSample,
} from '../support/samples.ts';

const secret = secretOf('bare');
const key = secret.keys[0]?.secret ?? '';
const EVENT_ID = '0'.repeat(64);

function signed(body: string, name = 'x-hmac-signature') {
  return { headers: { [name]: createHmac('sha256', key).update(body).digest('hex') }, body };
}

const unsigned = { headers: {}, body: veriffSample.body };

function answer(statusCode: number, body: object, type = 'application/problem+json') {
  return { statusCode, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

const refused: Observed = { answer: answer(401, { status: 401 }), writes: [], lines: [] };
const stored = { queue: 'main', body: veriffSample.body, attributes: { eventId: EVENT_ID } };
const accepted: Observed = {
  answer: answer(200, { status: 'accepted', eventId: EVENT_ID }, 'application/json'),
  writes: [stored],
  lines: [],
};

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
      { ...accepted, writes: [{ ...stored, attributes: { eventId: '1'.repeat(64) } }] },
    ],
    [
      'SQS can carry it',
      signed(veriffSample.body),
      { ...accepted, writes: [{ ...stored, attributes: { eventId: EVENT_ID, integration: '' } }] },
    ],
    ['what fits is not too large', signed('{}'), { ...refused, answer: answer(413, { status: 413 }) }],
    ['neither a log line nor an answer repeats', unsigned, { ...refused, lines: [`reason: ${PRIVATE}`] }],
    ['neither a log line nor an answer repeats', unsigned, { ...refused, lines: [`key: ${key}`] }],
    [
      'neither a log line nor an answer repeats',
      unsigned,
      { ...refused, answer: answer(401, { status: 401, detail: key }) },
    ],
  ])('finds a broken promise: %s', (promise, event, observed) => {
    expect(findings(event, observed, secret).join()).toContain(promise);
  });

  it('knows an event from what is none as the samples of the contract do', () => {
    expect(validSamples.filter(({ body }) => !isEvent(body))).toEqual([]);
    expect(
      [unfamiliarSample, ...otherWebhookSamples, ...invalidSamples].filter(({ body }) => isEvent(body)),
    ).toEqual([]);
  });

  it('takes a time that cannot be made a text for none', () => {
    expect(isEvent(JSON.stringify({ ...JSON.parse(veriffSample.body), time: { toString: 'x' } }))).toBe(
      false,
    );
  });
});
