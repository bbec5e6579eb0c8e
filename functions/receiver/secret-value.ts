import { createHash } from 'node:crypto';
import * as v from 'valibot';

/** The name of the only entry in a new stack's secret. Its value is random, so no webhook is signed with it. */
export const PLACEHOLDER_NAME = 'placeholder';

/** In characters. A shorter text can be guessed, or is a part of a Veriff key, which has 36. */
const MIN_KEY_LENGTH = 16;

/** The most keys in one version of the secret. A forged delivery costs one HMAC of its body for each key. */
export const MAX_KEYS = 20;

/** A Veriff shared secret key as it is stored. */
export interface StoredKey {
  readonly secret: string;
  /** The name under which the operator stored it; undefined when it has no name. */
  readonly integration: string | undefined;
  /** The first 8 hex digits of the key's SHA-256. Identifies the key in logs and tools. */
  readonly fingerprint: string;
}

/**
 * The keys in the secret's value, or a sentence that says why there are none; it never quotes the value, only one character
 * that no key has, or the length of a key.
 */
export type SecretValue =
  | { readonly ok: true; readonly keys: readonly StoredKey[] }
  | { readonly ok: false; readonly problem: string; readonly isPlaceholder: boolean };

/**
 * Parses the value of the secret: `KEY`, `["KEY", …]` or `{"NAME": "KEY", "OTHER": ["KEY", …]}`. Removes white space
 * around the value, a name or a key, because files, prompts and forms add it. The receiver and every tool use this
 * function, so that they agree.
 */
export function parseSecretValue(value: string): SecretValue {
  const entries = entriesOf(value.trim());
  if (typeof entries === 'string') return unusable(entries);
  const keys = new Map<string, StoredKey>();
  for (const [index, { name, secret }] of entries.entries()) {
    if (name === PLACEHOLDER_NAME && !VERIFF_KEY.test(secret)) continue;
    const problem = problemOf(secret);
    if (problem !== undefined) {
      return unusable(
        entries.length === 1 ? `The key ${problem}` : `Key ${index + 1} of the secret ${problem}`,
      );
    }
    if (!keys.has(secret))
      keys.set(secret, { secret, integration: integrationOf(name), fingerprint: fingerprint(secret) });
  }
  if (keys.size > MAX_KEYS) {
    return unusable(`The secret holds ${keys.size} keys, but may hold ${MAX_KEYS} at most. Remove some.`);
  }
  if (keys.size > 0) return { ok: true, keys: [...keys.values()] };
  return entries.length === 0
    ? unusable(`The secret holds no key. ${STORE}`)
    : { ok: false, problem: `The secret is still the placeholder. ${STORE}`, isPlaceholder: true };
}

/** Identifies a key without revealing it. */
export function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

const STORE = "Store Veriff's shared secret key.";

/**
 * The format of Veriff's keys today. A key of this format in the entry `placeholder` is a real key: somebody typed it
 * there in the Secrets Manager console.
 */
const VERIFF_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const key = v.pipe(v.string(), v.trim());
const keyOrList = v.union([
  v.pipe(
    key,
    v.transform((one) => [one]),
  ),
  v.array(key),
]);
/** Parsed as a list of entries, because valibot's `record` leaves out names such as `constructor`. */
const keysByName = v.pipe(
  v.instance(Object),
  v.check((value) => !Array.isArray(value)),
  v.transform(Object.entries),
  v.array(v.tuple([key, keyOrList])),
);
const keyList = v.pipe(
  v.array(key),
  v.transform((keys): [string, string[]][] => [['', keys]]),
);
const json = v.pipe(v.string(), v.parseJson());

interface Entry {
  readonly name: string;
  readonly secret: string;
}

/** Each key with its name, not validated yet; or a sentence that says why there are none. */
function entriesOf(text: string): readonly Entry[] | string {
  if (text === '') return `The secret is empty. ${STORE}`;
  if (!/^[[{]/.test(text)) return [{ name: '', secret: text }];
  const parsed = v.safeParse(json, text);
  if (!parsed.success) {
    return 'The secret starts with { or [, but is not valid JSON. Store one key alone, or a JSON list or object of keys.';
  }
  const shaped = v.safeParse(v.union([keyList, keysByName]), parsed.output);
  if (!shaped.success) {
    return 'The secret is JSON, but neither a list of keys nor an object whose values are keys or lists of keys. Store it as one of these.';
  }
  // JSON.parse keeps only the last of several properties with one name, so a key would get lost.
  if (countStrings(text) > countStrings(JSON.stringify(parsed.output))) {
    return 'The secret has a name twice. Store the keys of one name as a list: {"NAME": ["KEY", "KEY"]}.';
  }
  return shaped.output.flatMap(([name, keys]) => keys.map((secret) => ({ name, secret })));
}

function countStrings(json: string): number {
  return json.match(/"(\\.|[^"\\])*"/g)?.length ?? 0;
}

/** What is wrong with a key, as the end of a sentence that starts with "The key"; undefined when the key is valid. */
function problemOf(secret: string): string | undefined {
  const other = /[^\x21-\x7e]|["'`\\]/u.exec(secret)?.[0];
  if (other !== undefined)
    return `has ${nameOf(other)} in it, which no key has. Copy the key alone and store it again.`;
  if (secret.length < MIN_KEY_LENGTH) {
    return `has ${secret.length} characters, but a key has ${MIN_KEY_LENGTH} at least. Store the whole key.`;
  }
  return NOT_REPLACED.test(secret)
    ? 'is a variable that was not replaced by its value. Store the value.'
    : undefined;
}

/** `${NAME}`, `$NAME`, `%NAME%`, `<name>`: what a script, a template or a manual has instead of the key. */
const NOT_REPLACED = /^(\$\{.*\}|\$[A-Z0-9_]+|%.*%|<.*>)$/;

function nameOf(character: string): string {
  if (character === ' ') return 'a space';
  if (/[\r\n]/.test(character)) return 'a line break';
  if (/["'`]/.test(character)) return 'a quotation mark';
  if (character === '\\') return 'a backslash';
  return `the character U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The operator did not choose the name `placeholder`, so it does not name an integration. */
function integrationOf(name: string): string | undefined {
  return name === '' || name === PLACEHOLDER_NAME ? undefined : name;
}

function unusable(problem: string): SecretValue {
  return { ok: false, problem, isPlaceholder: false };
}
