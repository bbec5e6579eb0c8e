import type { JsonSchema } from '@valibot/to-json-schema';
import { CONTRACT, payloadDescriptions } from '../descriptions.ts';
import { type EventType, eventSchemas } from '../event.ts';
import { documentedSchema } from './documented.ts';
import { fileName } from './names.ts';
import { sampleText } from './sample.ts';

/** The payload of an event type as JSON Schema 2020-12, for subscribers in any language. */
export function payloadSchema(type: EventType): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${CONTRACT.name}:${fileName(type)}:${CONTRACT.version}`,
    $comment: `Version ${CONTRACT.version} of the contract ${CONTRACT.name}. Written by "npm run schema".`,
    title: type,
    ...documentedSchema(eventSchemas[type], payloadDescriptions[type], 'draft-2020-12'),
    examples: [JSON.parse(sampleText(fileName(type)))],
  };
}
