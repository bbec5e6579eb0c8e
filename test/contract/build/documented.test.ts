import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { documentedSchema } from '../../../contract/build/documented.ts';

const schema = v.looseObject({ a: v.looseObject({ b: v.nullish(v.string()) }) });

describe('a documented schema', () => {
  it('has a description at each property', () => {
    const descriptions = { '': 'All.', a: 'An a.', 'a.b': 'A b.' };
    expect(documentedSchema(schema, descriptions, 'draft-2020-12')).toEqual({
      description: 'All.',
      type: 'object',
      additionalProperties: true,
      required: ['a'],
      properties: {
        a: {
          description: 'An a.',
          type: 'object',
          additionalProperties: true,
          required: [],
          properties: { b: { description: 'A b.', anyOf: [{ type: 'string' }, { type: 'null' }] } },
        },
      },
    });
  });

  it.each([
    [{ a: 'An a.', 'a.b': 'A b.' }, 'expected a description of the schema, got none'],
    [{ '': 'All.', a: 'An a.' }, 'expected a description of a.b, got none'],
  ])('is refused when a description is missing', (descriptions, message) => {
    expect(() => documentedSchema(schema, descriptions, 'draft-07')).toThrow(message);
  });

  it('is refused when a description is left over', () => {
    const descriptions = { '': 'All.', a: 'An a.', 'a.b': 'A b.', 'a.c': 'Gone.' };
    expect(() => documentedSchema(schema, descriptions, 'draft-07')).toThrow(
      'expected a property for each description, got none for a.c',
    );
  });
});
