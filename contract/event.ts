import * as v from 'valibot';
import { isTooDeep } from './depth.ts';
import { id, integratorId, isWellFormed, OBJECT, timestamp, wellFormedString } from './fields.ts';
import { type OtherWebhook, otherWebhook } from './other-webhooks.ts';

/** The event types of this webhook. Source: Veriff, "User-defined statuses webhook". */
export const EVENT_TYPES = ['user-status.created'] as const;

export type EventType = (typeof EVENT_TYPES)[number];

const EVENT_TYPE = EVENT_TYPES.join(' or ');

/**
 * A status that a user added to an attempt in Veriff's Customer Portal.
 *
 * Unknown properties are accepted and kept, because Veriff adds properties without notice.
 * Source: Veriff, "User-defined statuses webhook", "Request properties explained".
 */
export const userStatusCreated = v.looseObject(
  {
    /** Always `user-status.created`. */
    eventType: v.literal('user-status.created', EVENT_TYPE),
    /** The session that the attempt belongs to. */
    sessionId: id,
    /** The attempt; not always the same as `data.verification.id`. */
    attemptId: id,
    /** When the webhook was sent; a retry may have another time. */
    time: timestamp,
    /** The integrator's id of the end-user; personal data. */
    vendorData: integratorId,
    /** The integrator's UUID of the end-user; personal data. */
    endUserId: integratorId,
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
                /** The code that Veriff generated for the status. Programs compare this code, not the name. */
                statusCode: id,
                /** The reason's name, or what the user typed when they chose "Custom". */
                reason: v.string('a string'),
                /** The code that Veriff generated for the reason; null when the user typed the reason. */
                reasonCode: v.nullable(wellFormedString),
                /** When the status was added. The current status of an attempt is the one with the latest `createdAt`. */
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

/** The schema of each event type. */
export const eventSchemas = { 'user-status.created': userStatusCreated } as const satisfies Record<
  EventType,
  v.GenericSchema
>;

export type EventSchema = (typeof eventSchemas)[EventType];

/** The payload of any event type; `eventType` tells them apart. */
export type UserStatusEvent = Closed<v.InferOutput<EventSchema>>;

/**
 * The payload of `user-status.created`. The type has only the documented properties, so that a misspelled name does not
 * compile. At run time the object also has the properties that Veriff adds later.
 */
export type UserStatusCreated = Closed<v.InferOutput<typeof userStatusCreated>>;

/** Removes the index signature that `looseObject` adds, because with it every property name compiles. */
type Closed<T> = T extends object ? { [K in keyof T as string extends K ? never : K]: Closed<T[K]> } : T;

/**
 * One fault of a payload: its path and what is wrong there, but never the value itself.
 * @example 'sessionId: expected a non-empty string, got null'
 */
export type Problem = string;

/** Why a payload is not an event of this contract. */
export interface Unusable {
  readonly reason: 'not-json' | 'other-webhook' | 'unfamiliar-event-type' | 'invalid-event';
  readonly problems: readonly Problem[];
  /** The payload's event type, if it names one. */
  readonly eventType?: string;
  /** Which other webhook of Veriff it is; set when the reason is `other-webhook`. */
  readonly webhook?: OtherWebhook;
}

export type Payload =
  | { readonly ok: true; readonly event: UserStatusEvent }
  | { readonly ok: false; readonly unusable: Unusable };

/** Parses and validates Veriff's payload. Never throws. */
export function readPayload(text: string): Payload {
  // Checked before parsing, because JSON.parse takes seconds for megabytes of brackets.
  if (isTooDeep(text)) return unusable('invalid-event', ['payload: nested deeper than 64 levels']);
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return unusable('not-json', ['payload: expected JSON, got other text']);
  }
  const typed = v.safeParse(anyEvent, payload);
  const named = typed.success ? { eventType: typed.output.eventType } : {};
  const known = EVENT_TYPES.find((one) => one === named.eventType);
  const event = v.safeParse(eventSchemas[known ?? 'user-status.created'], payload);
  if (event.success) return { ok: true, event: event.output };

  const other = otherWebhook(payload);
  if (other !== undefined)
    return unusable('other-webhook', [other.problem], { ...named, webhook: other.webhook });
  if (typed.success && known === undefined) {
    return unusable(
      'unfamiliar-event-type',
      [`eventType: expected ${EVENT_TYPE}, got another event type`],
      named,
    );
  }
  return unusable('invalid-event', event.issues.map(issueToProblem), named);
}

function unusable(
  reason: Unusable['reason'],
  problems: readonly Problem[],
  more: Pick<Unusable, 'eventType' | 'webhook'> = {},
): Payload {
  return { ok: false, unusable: { reason, problems, ...more } };
}

/** Any event type, because Veriff may add some: "Webhook listener should gracefully handle unfamiliar event types." */
const anyEvent = v.object({ eventType: v.pipe(v.string(), v.nonEmpty()) });

/** Never repeats a value, because payloads hold personal data. */
function issueToProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = v.getDotPath(issue) ?? 'payload';
  return issue.input === undefined
    ? `${path}: missing`
    : `${path}: expected ${issue.message}, got ${kindOf(issue.input)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string')
    return isWellFormed(value) ? 'another string' : 'a string with a lone surrogate';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
