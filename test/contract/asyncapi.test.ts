import { readFileSync } from 'node:fs';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { codeName } from '../../contract/build/names.ts';
import { CONTRACT } from '../../contract/descriptions.ts';
import { EVENT_TYPES } from '../../contract/event.ts';
import { validSamples } from '../support/samples.ts';

const text = readFileSync(new URL('../../contract/schema/asyncapi.yaml', import.meta.url), 'utf8');
const document = parse(text);

/** What a reference of this document points at; undefined when there is nothing. */
function target(reference: string): unknown {
  const path = reference.replace(/^#\//, '').split('/');
  return path.reduce((value: unknown, name) => Object(value)[name], document);
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' ? [String(inner)] : references(inner),
  );
}

describe('the AsyncAPI document', () => {
  it("is valid by AsyncAPI's own JSON Schema of version 3.0", () => {
    // It brings draft-07's own schema along.
    const ajv = new Ajv({ meta: false, validateSchema: false, strict: false });
    const validate = ajvFormats.default(ajv).compile(asyncApiSchema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  it('points at nothing that it does not have', () => {
    const all = references(document);
    expect(all).toContain('#/servers/sqs');
    expect(all.filter((reference) => target(reference) === undefined)).toEqual([]);
  });

  it('is version 3.0 and has the version of the contract', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(document.info.version).toBe(CONTRACT.version);
  });

  it('describes one channel, on which the receiver sends a message of each event type', () => {
    const names = EVENT_TYPES.map(codeName);
    expect(Object.keys(document.channels)).toEqual(['userStatuses']);
    expect(Object.keys(document.channels.userStatuses.messages)).toEqual(names);
    expect(Object.keys(document.components.messages)).toEqual(names);
    expect(Object.values(document.operations)).toEqual(
      names.map((name) => ({
        action: 'send',
        channel: { $ref: '#/channels/userStatuses' },
        summary: expect.any(String),
        messages: [{ $ref: `#/channels/userStatuses/messages/${name}` }],
      })),
    );
  });

  it('reads the same as YAML 1.1, which takes a time without quotes for a date', () => {
    expect(parse(text, { version: '1.1' })).toEqual(document);
  });
});

describe.each(EVENT_TYPES)('the message of %s in the AsyncAPI document', (type) => {
  const message = document.components.messages[codeName(type)];

  it('is named after its event type and is JSON', () => {
    expect(message.name).toBe(type);
    expect(message.contentType).toBe('application/json');
  });

  it('names every message attribute as a header, and requires the one that a reduced message has, too', () => {
    expect(message.headers.required).toEqual(['eventId']);
    expect(Object.keys(message.headers.properties)).toEqual([
      'eventId',
      'eventType',
      'statusCode',
      'sessionId',
      'attemptId',
      'createdAt',
      'integration',
      'receivedAt',
    ]);
  });

  it('shows samples as examples', () => {
    expect(message.examples).not.toEqual([]);
    for (const { name, payload } of message.examples) {
      const sample = validSamples.find((valid) => valid.name === name);
      expect(payload).toEqual(JSON.parse(sample?.body ?? ''));
    }
  });

  it.each(['headers', 'payload'])("shows examples whose %s are valid by the message's schema", (part) => {
    const validate = new Ajv({ strict: false }).compile(message[part]);
    for (const example of message.examples) {
      expect(validate(example[part]), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});
