import * as v from 'valibot';
import type { Key } from './signature.ts';

/** The only key of the JSON object that a fresh stack's secret holds; its value is random and opens nothing. */
export const PLACEHOLDER_KEY = 'placeholder';

/** A shorter key could be guessed, and is none of Veriff's (36 characters today): a name, say, or half a paste. */
const SHORTEST_KEY = 16;

const key = v.pipe(v.string(), v.trim(), v.minLength(SHORTEST_KEY));
const integrations = v.pipe(v.string(), v.parseJson(), v.record(v.string(), key), v.minEntries(1));

export type ParsedSecret =
  | { readonly ok: true; readonly keys: readonly Key[] }
  | { readonly ok: false; readonly problem: string; readonly isPlaceholder: boolean };

/**
 * Reads a secret's value: the bare shared secret key, or a JSON object from integration API key to shared secret key.
 * White space around a key is no part of it: files and prompts add a newline. Never repeats what it read.
 */
export function parseSecret(value: string, stage: Key['stage']): ParsedSecret {
  const text = value.trim();
  if (!text.startsWith('{')) {
    const bare = v.safeParse(key, text);
    return bare.success
      ? { ok: true, keys: [{ secret: bare.output, integration: undefined, stage }] }
      : unusable(
          `The secret has fewer than ${SHORTEST_KEY} characters. Store the shared secret key of the integration.`,
        );
  }
  const map = v.safeParse(integrations, text);
  if (!map.success) {
    return unusable(
      'The secret starts with { but is no JSON object from integration API key to shared secret key ' +
        `(${SHORTEST_KEY} characters at least). Store it again.`,
    );
  }
  const names = Object.keys(map.output);
  if (names.length === 1 && names[0] === PLACEHOLDER_KEY) {
    const problem = "The secret is still the placeholder. Store the integration's shared secret key.";
    return { ok: false, problem, isPlaceholder: true };
  }
  const keys = Object.entries(map.output).map(([integration, secret]) => ({ secret, integration, stage }));
  return { ok: true, keys };
}

function unusable(problem: string): ParsedSecret {
  return { ok: false, problem, isPlaceholder: false };
}
