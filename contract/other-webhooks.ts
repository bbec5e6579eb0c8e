import * as v from 'valibot';

/** The field in Veriff's Customer Portal that the receiver's URL belongs in. Source: "User-defined statuses webhook". */
const FIELD = 'Webhook URL for sessions statuses set in Station';

/** What a user status has, whatever else is wrong with it, and these webhooks have not. */
const unlikeUserStatus = { eventType: v.optional(v.never()), data: v.optional(v.never()) };

/** Enough of each to know it by, and the field of its URL. Source: Veriff, the page of each webhook. */
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

/** A webhook of Veriff that is not the one of user-defined statuses. */
export type OtherWebhook = (typeof OTHERS)[number]['webhook'];

/** Which other webhook of Veriff a payload is, and what to do about it. No value of the payload is repeated. */
export function otherWebhook(
  payload: unknown,
): { readonly webhook: OtherWebhook; readonly problem: string } | undefined {
  const found = OTHERS.find(({ shape }) => v.is(shape, payload));
  if (found === undefined) return undefined;
  const { webhook, field } = found;
  const problem =
    `payload: expected user-status.created, got Veriff's ${webhook} webhook: in the Customer Portal, take the ` +
    `receiver's URL out of "${field}", it belongs in "${FIELD}" only`;
  return { webhook, problem };
}
