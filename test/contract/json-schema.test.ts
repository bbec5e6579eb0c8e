import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName } from '../../contract/build/names.ts';
import { CONTRACT } from '../../contract/descriptions.ts';
import { EVENT_TYPES, type EventType, readPayload } from '../../contract/event.ts';
import { TIME } from '../../contract/time.ts';
import { invalidSamples, otherWebhookSamples, unfamiliarSample, validSamples } from '../support/samples.ts';
import { nearlyTime } from '../support/times.ts';
import { replaced, sampleWith } from '../support/webhook.ts';

function schemaOf(type: EventType) {
  const file = new URL(`../../contract/schema/${fileName(type)}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Strict: it refuses a schema with a keyword or a format that it does not know. */
function validatorOf(type: EventType) {
  return new Ajv2020({ strict: true, strictRequired: true }).compile(schemaOf(type));
}

const validators = EVENT_TYPES.map(validatorOf);
/** Whether the schema of an event type accepts it. */
const isValid = (payload: unknown) => validators.some((validate) => validate(payload));

/** What no schema tells: JSON from other text, how deep it is, half a character from a whole one. */
const unsaid = [
  'trailing-comma',
  'nested-too-deep',
  'session-id-lone-surrogate',
  'reason-code-lone-surrogate',
].map((name) => `invalid/${name}`);

describe.each(EVENT_TYPES)('the JSON Schema of %s', (type) => {
  const schema = schemaOf(type);
  const validate = validatorOf(type);
  const samples = validSamples.filter(({ body }) => JSON.parse(body).eventType === type);

  it('is valid JSON Schema 2020-12, with the name and the version of the contract', () => {
    expect(new Ajv2020().validateSchema(schema)).toBe(true);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe(`urn:${CONTRACT.name}:${fileName(type)}:${CONTRACT.version}`);
    expect(CONTRACT.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(validSamples)('accepts the valid samples of its type and no others: $name', (sample) => {
    expect(validate(JSON.parse(sample.body)), JSON.stringify(validate.errors)).toBe(samples.includes(sample));
  });

  it.each([
    unfamiliarSample,
    ...otherWebhookSamples,
    ...invalidSamples.filter(({ name }) => !unsaid.includes(name)),
  ])('refuses every other one that a schema can tell: $name', ({ body }) => {
    expect(isValid(JSON.parse(body))).toBe(false);
  });

  it('accepts every valid sample, and times that no RFC 3339 has, with a validator that asserts formats, too', () => {
    const asserting = ajvFormats.default(new Ajv2020()).compile(schema);
    const odd = sampleWith((payload) => {
      payload.time = '2023-10-27 09:59:15.1 +02';
    });
    for (const body of [...samples.map((sample) => sample.body), odd]) {
      expect(asserting(JSON.parse(body))).toBe(true);
    }
  });

  it('accepts its own example', () => {
    expect(schema.examples.map((example: unknown) => validate(example))).toEqual([true]);
  });

  it('says of a time what it is, by a pattern that means the same in every language', () => {
    const { time } = schema.properties;
    expect(time).toMatchObject({ type: 'string' });
    expect(time).not.toHaveProperty('format');
    expect(time.pattern).toBe(TIME.source);
    expect(time.pattern).not.toMatch(/\\d|\(\?[=!<]/);
  });
});

describe('the JSON Schemas and the receiver', () => {
  const paths = [
    ['eventType'],
    ['sessionId'],
    ['attemptId'],
    ['time'],
    ['vendorData'],
    ['endUserId'],
    ['data'],
    ['data', 'verification'],
    ['data', 'verification', 'id'],
    ['data', 'verification', 'userDefinedData'],
    ...['status', 'statusCode', 'reason', 'reasonCode', 'createdAt', 'added'].map((name) => [
      'data',
      'verification',
      'userDefinedData',
      name,
    ]),
    ['added'],
  ];
  const value = fc.oneof(
    nearlyTime,
    fc.constantFrom(undefined, null, '', 'x', 0, true, [], {}),
    fc.jsonValue(),
  );
  const change = fc.tuple(fc.constantFrom(...paths), value);

  it('agree on every time, and on what is nearly one', () => {
    fc.assert(
      fc.property(nearlyTime, (time) => {
        const text = JSON.stringify(replaced(JSON.parse(validSamples[0]?.body ?? ''), ['time'], time));
        expect(isValid(JSON.parse(text))).toBe(readPayload(text).ok);
      }),
      { numRuns: 2_000 },
    );
  });

  it('agree on every payload that is one change away from a valid one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...validSamples), change, ({ body }, [path, to]) => {
        const text = JSON.stringify(replaced(JSON.parse(body), path, to));
        expect(isValid(JSON.parse(text)), text).toBe(readPayload(text).ok);
      }),
      { numRuns: 2_000 },
    );
  });
});
