import { readdirSync, readFileSync } from 'node:fs';

const directory = new URL('../../contract/samples/', import.meta.url);

export interface Sample {
  readonly name: string;
  readonly body: string;
}

function read(folder: string): readonly Sample[] {
  return readdirSync(new URL(folder, directory))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: `${folder}${file.slice(0, -'.json'.length)}`,
      body: readFileSync(new URL(`${folder}${file}`, directory), 'utf8'),
    }));
}

/** Authentic, of a type that Veriff may add one day. */
export const unfamiliarSample = sample('unfamiliar-event-type');

/** Every valid `user-status.created`. */
export const validSamples = read('').filter(({ name }) => name !== 'unfamiliar-event-type');

/** Each is invalid in one way. */
export const invalidSamples = read('invalid/');

/** Authentic, and of another webhook of Veriff each; `other-webhooks/` and the webhook's name. */
export const otherWebhookSamples = read('other-webhooks/');

/** Veriff's own sample. */
export const veriffSample = sample('user-status-created');

export function sample(name: string): Sample {
  const found = read('').find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`Expected a sample ${name}, found none in contract/samples.`);
  return found;
}
