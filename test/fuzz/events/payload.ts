import fc from 'fast-check';
import { EVENT_TYPES } from '../../../contract/event.ts';
import { nearlyTime } from '../../support/times.ts';
import { at } from '../judge/reading.ts';
import { weighted } from './weighted.ts';

/** Stands in everything personal of a payload: it may reach a queue, and no log line and no answer. */
export const PRIVATE = 'PRIVATE-5b1f';

/** Of a user status. Other webhooks of Veriff's hold identity data anywhere. */
const PERSONAL = ['status', 'reason', 'vendorData', 'endUserId'];
const TIME = /^time$|At$/;
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'EventType',
  'eventType',
  'data',
  'reason',
  'status',
];
/** A key that ends with it is written without it, beside the key that has that name already. */
const AGAIN = '\u0000';

const odd = weighted<unknown>(
  [
    6,
    fc.constantFrom(
      ...[null, true, 0, -0, 1e308, [], {}, '', ' ', '\u0000', '\uFFFE', '\uFFFF', '🚩', PRIVATE],
      // Half a character.
      ...['\uD800', '\uD83D', '\uDEA9\uD83D', 'id-\uDEA9'],
      ...[...EVENT_TYPES, 'user-status.removed', '<script>', "' OR 1=1--"],
    ),
  ],
  [2, fc.string({ unit: 'binary', maxLength: 20 }).map((text) => PRIVATE + text)],
  [1, fc.jsonValue({ maxDepth: 2 })],
);

/** One thing done to one place of a payload. */
const change = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('delete', 'replace', 'replace', 'rename', 'repeat', 'nest'),
  key: fc.constantFrom(...KEYS),
  value: odd,
});

/** What is done to a payload: one of four gets another time, half of them further changes. */
export const alteration = fc.record({
  time: weighted([3, fc.constant(undefined)], [1, nearlyTime]),
  changes: fc.option(fc.array(change, { maxLength: 3 }), { freq: 2, nil: [] }),
});

type Alteration = typeof alteration extends fc.Arbitrary<infer Value> ? Value : never;

/** The payload's JSON after it was altered, with `pad` in everything personal. */
export function altered(payload: unknown, pad: string, { time, changes }: Alteration): string {
  const isUserStatus = EVENT_TYPES.some((type) => type === at(payload, 'eventType'));
  const isPersonal = (key: string) => (isUserStatus ? PERSONAL.includes(key) : key !== 'eventType');
  for (const { holder, key } of placesOf(payload)) {
    const old: unknown = Reflect.get(holder, key);
    if (typeof old !== 'string') continue;
    if (isPersonal(key) && old !== '') put(holder, key, PRIVATE + old + pad);
    if (time !== undefined && TIME.test(key)) put(holder, key, time);
  }
  for (const { at, ...change } of changes) {
    const places = placesOf(payload);
    const place = places[at % places.length];
    if (place !== undefined) apply(change, place);
  }
  return JSON.stringify(payload).replaceAll(/\\u0000(?=":)/g, '');
}

function apply({ how, key, value }: Omit<Alteration['changes'][number], 'at'>, place: Place): void {
  const { holder } = place;
  const old: unknown = Reflect.get(holder, place.key);
  if (how === 'delete' || how === 'rename') Reflect.deleteProperty(holder, place.key);
  if (how === 'rename') put(holder, key, old);
  if (how === 'replace') put(holder, place.key, value);
  if (how === 'nest') put(holder, place.key, { [place.key]: old });
  if (how === 'repeat') put(holder, place.key + AGAIN, value);
}

/** A place of a payload that has a value. */
interface Place {
  readonly holder: object;
  readonly key: string;
}

function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesOf(inner)]);
}

/** Sets `__proto__` as a property like any other. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
