import { eventSchemas, type UserStatusEvent } from '../../contract/event.ts';

/** The most properties that are reported for one delivery. */
const MAX_PATHS = 20;

// The form of Veriff's names. Another name is not logged, because it could be any text, even personal data.
const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

/**
 * The paths of an event's properties that are not in the contract, at most 20, without their values. A name that is not
 * an identifier is replaced by `(other)`.
 */
export function unknownProperties(event: UserStatusEvent): readonly string[] {
  const found: string[] = [];
  collect(event, eventSchemas[event.eventType], '', found);
  return found;
}

interface ObjectSchema {
  readonly entries: Readonly<Record<string, object>>;
}

function isObjectSchema(schema: object): schema is ObjectSchema {
  return 'entries' in schema;
}

function collect(value: object, { entries }: ObjectSchema, path: string, found: string[]): void {
  for (const name of Object.keys(value)) {
    if (found.length === MAX_PATHS) return;
    if (!Object.hasOwn(entries, name)) found.push(`${path}${IDENTIFIER.test(name) ? name : '(other)'}`);
  }
  for (const [name, schema] of Object.entries(entries)) {
    if (isObjectSchema(schema)) collect(Reflect.get(value, name), schema, `${path}${name}.`, found);
  }
}
