import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { isWhole } from '../event.ts';
import { TIME } from '../time.ts';

/**
 * Converts a valibot schema to a JSON Schema that accepts the same values, and adds a description to each property.
 * @param descriptions by the property's path; the schema's own is ''
 * @param target a dialect; the schema doesn't name it, because a part of a document must not
 * @throws Error when a property has no description, or a description no property
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
  const documented = describe(converted, '');
  if (unused.size > 0) {
    throw new Error(`expected a property for each description, got none for ${[...unused].join(', ')}`);
  }
  return documented;

  function describe(part: JsonSchema, path: string): JsonSchema {
    const description = descriptions[path];
    if (description === undefined) {
      throw new Error(
        `expected a description of ${path || 'the schema'}, got none; add it to contract/descriptions.ts`,
      );
    }
    unused.delete(path);
    const { properties, ...rest } = part;
    return { description, ...rest, ...(properties && { properties: describeAll(properties, path) }) };
  }

  function describeAll(properties: NonNullable<JsonSchema['properties']>, path: string) {
    return Object.fromEntries(
      Object.entries(properties).map(([name, part]) => {
        const at = path === '' ? name : `${path}.${name}`;
        return [name, typeof part === 'boolean' ? part : describe(part, at)];
      }),
    );
  }
}

/** Says what is the default, for those who read. */
const overrideSchema: NonNullable<ConversionConfig['overrideSchema']> = ({ valibotSchema, jsonSchema }) => {
  if (valibotSchema.type === 'loose_object') return { ...jsonSchema, additionalProperties: true };
  if (valibotSchema.type === 'literal') return { type: 'string', ...jsonSchema };
  return undefined;
};

/**
 * JSON Schema's `format` is an annotation, and RFC 3339 is narrower than what is accepted: the pattern decides.
 *
 * That a text has no half of a character is said in no pattern: some languages' patterns see halves in every character
 * beyond U+FFFF, others know no halves.
 */
const overrideAction: NonNullable<ConversionConfig['overrideAction']> = ({
  valibotAction: action,
  jsonSchema,
}) => {
  if (!('requirement' in action)) return undefined;
  if (action.requirement === TIME) return { ...jsonSchema, format: 'date-time', pattern: TIME.source };
  if (action.requirement === isWhole) return jsonSchema;
  return undefined;
};
