import * as v from 'valibot';
import type { Key } from './signature.ts';

/** The only key of the JSON object that a fresh stack's secret holds; its value is random and opens nothing. */
export const PLACEHOLDER_KEY = 'placeholder';

const integrations = v.pipe(
  v.record(v.string(), v.pipe(v.string(), v.trim(), v.nonEmpty())),
  v.minEntries(1),
);

/**
 * Reads a secret's value: the bare shared secret key, or a JSON object from integration API key to shared secret key.
 * White space around a key is no part of it: files and prompts add a newline. Never repeats what it read.
 */
export function parseSecret(
  value: string,
  stage: Key['stage'],
): { readonly ok: true; readonly keys: readonly Key[] } | { readonly ok: false; readonly problem: string } {
  const text = value.trim();
  if (text === '')
    return { ok: false, problem: 'The secret is empty. Store the shared secret key of the integration.' };
  if (!text.startsWith('{')) return { ok: true, keys: [{ secret: text, integration: undefined, stage }] };
  const map = v.safeParse(v.pipe(v.string(), v.parseJson(), integrations), text);
  if (!map.success) {
    const problem =
      'The secret starts with { but is no JSON object from integration API key to shared secret key. Store it again.';
    return { ok: false, problem };
  }
  const names = Object.keys(map.output);
  if (names.length === 1 && names[0] === PLACEHOLDER_KEY) {
    return {
      ok: false,
      problem: "The secret is still the placeholder. Store the integration's shared secret key.",
    };
  }
  const keys = Object.entries(map.output).map(([integration, secret]) => ({ secret, integration, stage }));
  return { ok: true, keys };
}
