import type { JsonSchema } from '@valibot/to-json-schema';
import { CONTRACT, payloadDescriptions } from '../descriptions.ts';
import { EVENT_TYPE, userStatusCreated } from '../event.ts';
import { documentedSchema } from './documented.ts';
import { sampleText } from './sample.ts';

/** The payload as JSON Schema 2020-12, for subscribers in any language. */
export function payloadSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:${CONTRACT.name}:user-status-created:${CONTRACT.version}`,
    $comment: `Version ${CONTRACT.version} of the contract ${CONTRACT.name}. Written by "npm run schema".`,
    title: EVENT_TYPE,
    ...documentedSchema(userStatusCreated, payloadDescriptions, 'draft-2020-12'),
    examples: [JSON.parse(sampleText('user-status-created'))],
  };
}
