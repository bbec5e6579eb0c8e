import * as v from 'valibot';
import { isTooDeep } from './depth.ts';
import { type OtherWebhook, otherWebhook } from './other-webhooks.ts';
import { TIME } from './time.ts';

/** The one event type of this webhook. Source: Veriff, "User-defined statuses webhook". */
export const EVENT_TYPE = 'user-status.created';

// What a schema expects, in its own words: a problem says "expected ...".
const OBJECT = 'an object';
const NON_EMPTY = 'a non-empty string';
const STRING_OR_NULL = 'a string or null';
const ISO_TIME = 'an ISO 8601 time with Z or an offset';
const WHOLE = 'a string of whole Unicode characters';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether no half of a surrogate pair stands alone. UTF-8 can't encode one: two ids would become the same bytes. */
export function isWhole(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

const whole = v.check(isWhole, WHOLE);

/**
 * An id or a code: opaque and never empty. Veriff may change the length and format of ids without notice, so no UUID is
 * asked for. Source: Veriff, "Backwards compatible changes".
 */
const id = v.pipe(v.string(NON_EMPTY), v.nonEmpty(NON_EMPTY), whole);

const timestamp = v.pipe(v.string(ISO_TIME), v.regex(TIME, ISO_TIME));

const stringOrNone = v.pipe(v.string(STRING_OR_NULL), whole);

/** Absent, null or a string: ids of the integrator's own, given when the session was created. */
const ownId = v.nullish(stringOrNone);

/**
 * A status that a person added to an attempt in Veriff's Customer Portal.
 *
 * Every object is open: properties that Veriff adds later pass and are kept.
 * Source: Veriff, "User-defined statuses webhook", "Request properties explained".
 */
export const userStatusCreated = v.looseObject(
  {
    /** Always `user-status.created`. */
    eventType: v.literal(EVENT_TYPE, EVENT_TYPE),
    /** The session that the attempt belongs to. */
    sessionId: id,
    /** The attempt; not always the same as `data.verification.id`. */
    attemptId: id,
    /** When the webhook was sent; a new try may carry another time. */
    time: timestamp,
    /** The integrator's id of the end-user; personal data. */
    vendorData: ownId,
    /** The integrator's UUID of the end-user; personal data. */
    endUserId: ownId,
    data: v.looseObject(
      {
        verification: v.looseObject(
          {
            /** The attempt that was given the status. */
            id,
            userDefinedData: v.looseObject(
              {
                /** The status's name in the Customer Portal, free text. */
                status: v.string('a string'),
                /** The code that Veriff generated for the status: what a program compares. */
                statusCode: id,
                /** The reason's name, or what the reviewer typed when they chose "Custom". */
                reason: v.string('a string'),
                /** The code that Veriff generated for the reason; null when the reviewer typed one. */
                reasonCode: v.nullable(stringOrNone),
                /** When the status was added. The greatest is of the attempt's current status; the others hold, too. */
                createdAt: timestamp,
              },
              OBJECT,
            ),
          },
          OBJECT,
        ),
      },
      OBJECT,
    ),
  },
  OBJECT,
);

/**
 * The payload of `user-status.created`. The type has the documented properties only, so that a misspelled one does not
 * compile; at run time the properties that Veriff adds later are there, too.
 */
export type UserStatusCreated = Closed<v.InferOutput<typeof userStatusCreated>>;

/** The same objects without the index signature of `looseObject`, with which every name compiles. */
type Closed<T> = T extends object ? { [K in keyof T as string extends K ? never : K]: Closed<T[K]> } : T;

/** One thing wrong with a payload: a path and two types, never a value. `sessionId: expected a non-empty string, got null` */
export type Problem = string;

/** Why a payload is not an event of this contract. */
export interface Unusable {
  readonly reason: 'not-json' | 'other-webhook' | 'unfamiliar-event-type' | 'invalid-event';
  readonly problems: readonly Problem[];
  /** The payload's event type, if it names one. */
  readonly eventType?: string;
  /** Which of Veriff's other webhooks it is: the reason is `other-webhook`. */
  readonly webhook?: OtherWebhook;
}

export type Payload =
  | { readonly ok: true; readonly event: UserStatusCreated }
  | { readonly ok: false; readonly unusable: Unusable };

/** Reads Veriff's payload: the event, or why it is none. Never throws. */
export function readPayload(text: string): Payload {
  // Before it is parsed: megabytes of brackets would take the parser seconds.
  if (isTooDeep(text)) return none('invalid-event', ['payload: nested deeper than 64 levels']);
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return none('not-json', ['payload: expected JSON, got other text']);
  }
  const event = v.safeParse(userStatusCreated, payload);
  if (event.success) return { ok: true, event: event.output };

  const typed = v.safeParse(anyEvent, payload);
  const type = typed.success ? { eventType: typed.output.eventType } : {};
  const other = otherWebhook(payload);
  if (other !== undefined) return none('other-webhook', [other.problem], { ...type, webhook: other.webhook });
  if (typed.success && typed.output.eventType !== EVENT_TYPE) {
    return none('unfamiliar-event-type', [`eventType: expected ${EVENT_TYPE}, got another event type`], type);
  }
  return none('invalid-event', event.issues.map(describe), type);
}

function none(
  reason: Unusable['reason'],
  problems: readonly Problem[],
  more: Pick<Unusable, 'eventType' | 'webhook'> = {},
): Payload {
  return { ok: false, unusable: { reason, problems, ...more } };
}

/** All that Veriff may send one day: "Webhook listener should gracefully handle unfamiliar event types." */
const anyEvent = v.looseObject({ eventType: v.pipe(v.string(), v.nonEmpty()) });

/** Names what is wrong without repeating a value: payloads hold personal data. */
function describe(issue: v.BaseIssue<unknown>): Problem {
  const path = v.getDotPath(issue) ?? 'payload';
  return issue.input === undefined
    ? `${path}: missing`
    : `${path}: expected ${issue.message}, got ${kindOf(issue.input)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return isWhole(value) ? 'another string' : 'a string with a lone surrogate';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
