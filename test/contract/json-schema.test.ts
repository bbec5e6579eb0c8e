import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACT } from '../../contract/descriptions.ts';
import { readPayload } from '../../contract/event.ts';
import { invalidSamples, unfamiliarSample, validSamples } from '../support/samples.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../contract/schema/user-status-created.schema.json', import.meta.url), 'utf8'),
);

/** As JSON Schema 2020-12 has it: a format is an annotation. */
const validate = new Ajv2020({ strict: true, strictRequired: true, validateFormats: false }).compile(schema);

describe('the JSON Schema', () => {
  it('is valid JSON Schema 2020-12, with the name and the version of the contract', () => {
    expect(new Ajv2020().validateSchema(schema)).toBe(true);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe(`urn:${CONTRACT.name}:user-status-created:${CONTRACT.version}`);
    expect(CONTRACT.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it.each(validSamples)('accepts every valid sample: $name', ({ body }) => {
    expect(validate(JSON.parse(body)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([unfamiliarSample, ...invalidSamples.filter(({ name }) => name !== 'invalid/trailing-comma')])(
    'refuses every other one that is JSON: $name',
    ({ body }) => {
      expect(validate(JSON.parse(body))).toBe(false);
    },
  );

  it('accepts every valid sample with a validator that asserts formats, too', () => {
    const asserting = ajvFormats.default(new Ajv2020()).compile(schema);
    for (const { body } of validSamples) expect(asserting(JSON.parse(body))).toBe(true);
  });

  it('accepts its own example', () => {
    expect(schema.examples.map((example: unknown) => validate(example))).toEqual([true]);
  });

  it('says of a time what it is, in digits that mean the same in every language', () => {
    const { time } = schema.properties;
    expect(time).toMatchObject({ type: 'string', format: 'date-time' });
    expect(time.pattern).not.toContain('\\d');
  });
});

describe('the JSON Schema and the receiver', () => {
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
  /** A time, or nearly one: some other digits, separator, fraction or zone, and perhaps a character too many. */
  const time = fc
    .tuple(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59Z') }),
      fc.constantFrom('T', 'T', ' ', 't', ''),
      fc.option(fc.stringMatching(/^[0-9]{0,11}$/)),
      fc.constantFrom('Z', '+02:00', '-0330', '+05', ' +01:00', '', 'z', '+24:00', ' Z'),
      fc.nat(24),
      fc.constantFrom('', '', '', ' ', '-', '0', '9', '\u0663', '\n'),
    )
    .map(([date, separator, fraction, zone, at, extra]) => {
      const [day, clock] = date.toISOString().slice(0, 19).split('T');
      const text = `${day}${separator}${clock}${fraction === null ? '' : `.${fraction}`}${zone}`;
      return text.slice(0, at) + extra + text.slice(at);
    });
  const value = fc.oneof(time, fc.constantFrom(undefined, null, '', 'x', 0, true, [], {}), fc.jsonValue());
  const change = fc.tuple(fc.constantFrom(...paths), value);

  /** The value with the property at this path replaced, or taken out by undefined. */
  function replaced(object: object, [name = '', ...rest]: readonly string[], to: unknown): object {
    const inner = Reflect.get(object, name);
    return { ...object, [name]: rest.length === 0 ? to : replaced(inner, rest, to) };
  }

  it('agree on every payload that is one change away from a valid one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...validSamples), change, ({ body }, [path, to]) => {
        const text = JSON.stringify(replaced(JSON.parse(body), path, to));
        expect(validate(JSON.parse(text)), text).toBe(readPayload(text).ok);
      }),
      { numRuns: 2_000 },
    );
  });
});
