import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { isWellFormed } from '../fields.ts';
import { TIME } from '../time.ts';

/**
 * Converts a valibot schema to a JSON Schema, and adds a description to each property.
 * @param descriptions by property path; the path '' is the schema itself
 * @param target the dialect; the result has no `$schema`, because callers embed it in a document that names the dialect
 * @throws Error when a property has no description, or when a description has no property
 */
export function documentedSchema(
  schema: v.GenericSchema,
  descriptions: Readonly<Record<string, string>>,
  target: NonNullable<ConversionConfig['target']>,
): JsonSchema {
  const { $schema: _dialect, ...converted } = toJsonSchema(schema, {
    target,
    overrideSchema,
    overrideAction,
  });
  const unused = new Set(Object.keys(descriptions));
  const documented = withDescriptions(converted, '');
  if (unused.size > 0) {
    throw new Error(`expected a property for each description, got none for ${[...unused].join(', ')}`);
  }
  return documented;

  function withDescriptions({ properties = {}, ...rest }: JsonSchema, path: string): JsonSchema {
    const description = descriptions[path];
    if (description === undefined) {
      throw new Error(
        `expected a description of ${path || 'the schema'}, got none; add it to contract/descriptions.ts`,
      );
    }
    unused.delete(path);
    const inner = Object.entries(properties).map(([name, part]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [name, typeof part === 'boolean' ? part : withDescriptions(part, at)] as const;
    });
    return { description, ...rest, ...(inner.length > 0 && { properties: Object.fromEntries(inner) }) };
  }
}

/** Adds what JSON Schema only implies, for readers: unknown properties are allowed, and a literal is a string. */
const overrideSchema: NonNullable<ConversionConfig['overrideSchema']> = ({ valibotSchema, jsonSchema }) => {
  if (valibotSchema.type === 'loose_object') return { ...jsonSchema, additionalProperties: true };
  if (valibotSchema.type === 'literal') return { type: 'string', ...jsonSchema };
  return undefined;
};

/**
 * Writes a time as a `pattern`, without the format `date-time`: validators that check formats would refuse some times that
 * the receiver accepts, such as `2023-10-27 09:59:15 +02`.
 *
 * The check for lone surrogates is left out, because regular expressions treat surrogates differently in each language.
 */
const overrideAction: NonNullable<ConversionConfig['overrideAction']> = ({
  valibotAction: action,
  jsonSchema,
}) => {
  if (!('requirement' in action)) return undefined;
  if (action.requirement === TIME) return { ...jsonSchema, pattern: TIME.source };
  if (action.requirement === isWellFormed) return jsonSchema;
  return undefined;
};
