import { isDeepStrictEqual } from 'node:util';
import { PLACEHOLDER_KEY, parseSecret } from '../../functions/receiver/secret-value.ts';

/** Why the receiver should not work with this value, as one sentence without it; undefined: it may. */
export function problemOf(value: string): string | undefined {
  const parsed = parseSecret(value, 'AWSCURRENT');
  if (!parsed.ok) return parsed.problem;
  if (parsed.keys.some(({ integration }) => integration === PLACEHOLDER_KEY)) {
    return `expected integration API keys as the names of the JSON object, got "${PLACEHOLDER_KEY}" among them; leave that entry out`;
  }
  if (parsed.keys.some(({ secret }) => /[\s"']/.test(secret))) {
    return 'expected a shared secret key without spaces, lines or quotation marks, got one with them; copy the key alone';
  }
  return undefined;
}

/** Whether two values hold the same keys, however they are written. */
export function sameKeys(one: string, other: string): boolean {
  return isDeepStrictEqual(keysOf(one), keysOf(other));
}

function keysOf(value: string) {
  const parsed = parseSecret(value, 'AWSCURRENT');
  return parsed.ok ? new Map(parsed.keys.map((key) => [key.integration, key.secret])) : value;
}
