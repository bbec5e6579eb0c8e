import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { TIME } from '../../contract/time.ts';

/** An id and a time that a sample has for what they are, and not because they are wrong or written in another way. */
const id = v.pipe(v.string(), v.regex(/^[\w-]+$/));
const time = v.pipe(v.string(), v.regex(TIME), v.endsWith('Z'));

const parts = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    sessionId: v.optional(v.unknown()),
    attemptId: v.optional(v.unknown()),
    time: v.optional(v.unknown()),
    data: v.fallback(
      v.object({
        verification: v.object({
          id: v.optional(v.unknown()),
          userDefinedData: v.fallback(v.record(v.string(), v.unknown()), {}),
        }),
      }),
      { verification: { userDefinedData: {} } },
    ),
  }),
);

/**
 * The payload as an event that happens now: its ids are new ones, its times are the present, nothing else is altered. An
 * id or a time that is wrong stays as it is, and so does a payload that is no event at all.
 */
export function asNewEvent(body: Uint8Array<ArrayBuffer>, now = new Date()): Uint8Array<ArrayBuffer> {
  const original = new TextDecoder().decode(body);
  const parsed = v.safeParse(parts, original);
  if (!parsed.success) return body;
  const { sessionId, attemptId, time: sentAt, data } = parsed.output;
  const { id: verificationId, userDefinedData } = data.verification;
  let payload = original;
  for (const old of new Set([sessionId, attemptId, verificationId])) {
    if (v.is(id, old)) payload = payload.replaceAll(`"${old}"`, `"${randomUUID()}"`);
  }
  const times = Object.entries(userDefinedData).flatMap(([name, old]) => (name.endsWith('At') ? [old] : []));
  for (const old of new Set([sentAt, ...times])) {
    if (v.is(time, old)) payload = payload.replaceAll(`"${old}"`, `"${now.toISOString()}"`);
  }
  return new TextEncoder().encode(payload);
}
