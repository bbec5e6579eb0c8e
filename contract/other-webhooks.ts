import * as v from 'valibot';

/** The field in Veriff's Customer Portal that the receiver's URL belongs in. Source: "User-defined statuses webhook". */
const FIELD = 'Webhook URL for sessions statuses set in Station';

/** Properties of user statuses that most other webhooks do not have. */
const unlikeUserStatus = { eventType: v.optional(v.never()), data: v.optional(v.never()) };

/** Properties that identify each webhook, and the Customer Portal's field for its URL. Source: Veriff's page of each. */
const OTHERS = [
  {
    webhook: 'decision',
    field: 'Webhook decisions URL',
    shape: v.looseObject({
      ...unlikeUserStatus,
      status: v.string(),
      verification: v.looseObject({ id: v.string(), code: v.number(), status: v.string() }),
    }),
  },
  {
    webhook: 'event',
    field: 'Webhook events URL',
    shape: v.looseObject({
      ...unlikeUserStatus,
      id: v.string(),
      feature: v.string(),
      code: v.number(),
      action: v.string(),
    }),
  },
  {
    webhook: 'fullauto',
    field: 'Webhook Full Auto URL',
    shape: v.looseObject({ eventType: v.literal('fullauto') }),
  },
  {
    webhook: 'watchlist-screening',
    field: 'Webhook watchlist screening URL',
    shape: v.looseObject({
      ...unlikeUserStatus,
      checkType: v.string(),
      matchStatus: v.string(),
      sessionId: v.string(),
      attemptId: v.string(),
    }),
  },
] as const;

/** A Veriff webhook other than the user-defined statuses webhook. */
export type OtherWebhook = (typeof OTHERS)[number]['webhook'];

/** Recognizes another Veriff webhook and says how to correct the setting. Never repeats a value of the payload. */
export function otherWebhook(
  payload: unknown,
): { readonly webhook: OtherWebhook; readonly problem: string } | undefined {
  const found = OTHERS.find(({ shape }) => v.is(shape, payload));
  if (found === undefined) return undefined;
  const { webhook, field } = found;
  const problem =
    `payload: expected a user-status event, got Veriff's ${webhook} webhook: in the Customer Portal, ` +
    `remove the receiver's URL from "${field}" and enter it only in "${FIELD}"`;
  return { webhook, problem };
}
