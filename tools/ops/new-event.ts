import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { TIME } from '../../contract/time.ts';

const json = v.pipe(v.string(), v.parseJson());
/** A well-formed id: a sample that shows a wrong one keeps it. */
const ID = /("(?:sessionId|attemptId|id)"\s*:\s*)"([\w-]+)"/g;
/** Only times in UTC: a sample with an offset is there to show it. */
const UTC_TIME = /("(?:time|\w+At)"\s*:\s*)"([^"]+Z)"/g;

/**
 * The payload as an event that happens now: its ids are new ones, its times are the present, nothing else is altered. An
 * id or a time that is wrong stays as it is, and so does a payload that is no JSON.
 */
export function asNewEvent(body: Uint8Array<ArrayBuffer>, now = new Date()): Uint8Array<ArrayBuffer> {
  const original = new TextDecoder().decode(body);
  if (!v.is(json, original)) return body;
  const ids = new Map<string, string>();
  const payload = original
    .replace(ID, (_all, name: string, old: string) => {
      const id = ids.get(old) ?? randomUUID();
      ids.set(old, id);
      return `${name}"${id}"`;
    })
    .replace(UTC_TIME, (all: string, name: string, old: string) =>
      TIME.test(old) ? `${name}"${now.toISOString()}"` : all,
    );
  return new TextEncoder().encode(payload);
}
