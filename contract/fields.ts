import * as v from 'valibot';
import { TIME } from './time.ts';

// What a schema expects: the words after "expected" in a problem.
export const OBJECT = 'an object';
const NON_EMPTY = 'a non-empty string';
const STRING_OR_NULL = 'a string or null';
const ISO_TIME = 'an ISO 8601 time with Z or an offset';
const WELL_FORMED = 'a string without lone surrogates';

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Whether a text has no lone surrogate. UTF-8 cannot encode one: encoders replace it, and two different ids could become
 * the same bytes.
 */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

const wellFormed = v.check(isWellFormed, WELL_FORMED);

/**
 * An id or a code: opaque and never empty. It need not be a UUID, because Veriff may change the length and format of ids
 * without notice. Source: Veriff, "Backwards compatible changes".
 */
export const id = v.pipe(v.string(NON_EMPTY), v.nonEmpty(NON_EMPTY), wellFormed);

export const timestamp = v.pipe(v.string(ISO_TIME), v.regex(TIME, ISO_TIME));

export const wellFormedString = v.pipe(v.string(STRING_OR_NULL), wellFormed);

/** An id that the integrator chose when it created the session: a string, null or absent. */
export const integratorId = v.nullish(wellFormedString);
