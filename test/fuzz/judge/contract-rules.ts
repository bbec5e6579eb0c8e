/** The rules of the contract as the fuzzer's judge knows them, in code of its own: the contract's may be wrong. */
import { at, parsed, textOf } from './reading.ts';

const MOST_LEVELS = 64;
const TIME =
  /^(?!0000)(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z| ?[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$/;

/** Whether it is a time with `Z` or an offset that the Gregorian calendar and the clock have. */
export function isTime(value: unknown): boolean {
  const [, day = ''] = TIME.exec(isText(value) ? value : '') ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

const isText = (value: unknown) => typeof value === 'string';
const isWhole = (value: unknown) => isText(value) && value.isWellFormed();
const isId = (value: unknown) => isWhole(value) && value !== '';
const isOwnId = (value: unknown) => value === undefined || value === null || isWhole(value);

const VERIFICATION = 'data.verification';
const STATUS = `${VERIFICATION}.userDefinedData`;
type Rules = Readonly<Record<string, (value: unknown) => boolean>>;

const CREATED: Rules = {
  sessionId: isId,
  attemptId: isId,
  time: isTime,
  vendorData: isOwnId,
  endUserId: isOwnId,
  [`${VERIFICATION}.id`]: isId,
  [`${STATUS}.status`]: isText,
  [`${STATUS}.statusCode`]: isId,
  [`${STATUS}.reason`]: isText,
  [`${STATUS}.reasonCode`]: (value) => value === null || isWhole(value),
  [`${STATUS}.createdAt`]: isTime,
};

/** The rules of each event type. */
const RULES = new Map<unknown, Rules>([['user-status.created', CREATED]]);

/** Whether a text is an event, as Veriff's documentation describes it. */
export function isEvent(text: string): boolean {
  const payload = parsed(text);
  const rules = RULES.get(at(payload, 'eventType'));
  if (rules === undefined || levelsOf(text) > MOST_LEVELS) return false;
  return Object.entries(rules).every(([path, rule]) => rule(at(payload, ...path.split('.'))));
}

/** Why the bytes of a body are no event, and which other webhook of Veriff's they are; of no event only. */
export function reasonFor(bytes: Uint8Array): {
  readonly reasons: readonly string[];
  readonly webhook?: string;
} {
  const text = textOf(bytes);
  if (text === undefined) return { reasons: ['not-json'] };
  const payload = parsed(text);
  // What is no JSON has no levels to count: either reason is right.
  if (payload === undefined) return { reasons: ['not-json', 'invalid-event'] };
  if (levelsOf(text) > MOST_LEVELS) return { reasons: ['invalid-event'] };
  const webhook = webhookOf(payload);
  if (webhook !== undefined) return { reasons: ['other-webhook'], webhook };
  const type = at(payload, 'eventType');
  const isUnfamiliar = isText(type) && type !== '' && !RULES.has(type);
  return { reasons: [isUnfamiliar ? 'unfamiliar-event-type' : 'invalid-event'] };
}

/** How deep JSON is nested. A value that another one of the same name replaces counts. */
function levelsOf(json: string): number {
  let level = 0;
  let most = 0;
  for (const [bracket] of json.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    level += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, level);
  }
  return most;
}

/** What Veriff's other webhooks have, and of which type. */
const FIELDS = {
  decision: { number: ['verification.code'], string: ['status', 'verification.id', 'verification.status'] },
  event: { number: ['code'], string: ['id', 'feature', 'action'] },
  'watchlist-screening': { number: [], string: ['checkType', 'matchStatus', 'sessionId', 'attemptId'] },
} as const;

export const WEBHOOKS = [...Object.keys(FIELDS), 'fullauto'];

function webhookOf(payload: unknown): string | undefined {
  if (at(payload, 'eventType') === 'fullauto') return 'fullauto';
  if (at(payload, 'eventType') !== undefined || at(payload, 'data') !== undefined) return undefined;
  const has = (type: string, paths: readonly string[]) =>
    paths.every((path) => typeof at(payload, ...path.split('.')) === type);
  return Object.entries(FIELDS)
    .filter(([, { number, string }]) => has('number', number) && has('string', string))
    .map(([name]) => name)[0];
}
