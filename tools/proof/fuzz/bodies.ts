import fc from 'fast-check';
import { EVENT_TYPES } from '../../../contract/event.ts';
import { at, parsed } from './reading.ts';
import { type Follow, rules } from './rules.ts';
import { put, replacing, type Slot, slotsOf } from './slots.ts';

/** Stands in everything personal of a payload: it may reach a queue, and no log line and no answer. */
export const PRIVATE = 'PRIVATE-5b1f';

/** Of a user status. Other webhooks of Veriff's hold identity data anywhere. */
const PERSONAL = ['status', 'reason', 'vendorData', 'endUserId'];
const KEYS = ['__proto__', 'constructor', 'toString', '', 'EventType', 'eventType', 'data', 'reason'];
/** A key that ends with it is written without it, beside the key that has that name already. */
const AGAIN = '\u0000';

/** One thing done to one place of a payload. */
interface Change {
  readonly at: number;
  readonly how: 'delete' | 'replace' | 'rename' | 'repeat' | 'nest';
  readonly key: string;
  readonly value: unknown;
}

const odd: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, true, 0, -0, 1e308, [], {}, '', ' ', '\u0000', '\uFFFE', '\uFFFF', '\uD800', '🚩', PRIVATE],
      ...[...EVENT_TYPES, 'user-status.removed', '2023-10-27T09:59:15.123456789+02:00'],
      ...['2023-10-27T09:59:15', '2023-02-31T00:00:00Z', '9999-12-31T23:59:59.9Z', '<script>', "' OR 1=1--"],
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => PRIVATE + text) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('delete', 'replace', 'replace', 'rename', 'repeat', 'nest'),
  key: fc.constantFrom(...KEYS, 'status'),
  value: odd,
});

/** What is done to the text: the JSON may be none any more. */
const rewriting: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 30, arbitrary: fc.constant((text: string) => text) },
  { weight: 1, arbitrary: fc.nat(400).map((at) => (text: string) => text.slice(0, at)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(600), fc.string({ unit: 'binary', maxLength: 4 })).map(
      ([at, insert]) =>
        (text: string) =>
          text.slice(0, at) + insert + text.slice(at),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (text: string) => `\uFEFF${text}`,
      (text: string) => text + text,
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof(fc.integer({ min: 60, max: 66 }), fc.nat(3_000))
      .map((depth) => (text: string) => text.replace(/\}\s*$/, `,"extra":${nested(depth)}}`)),
  },
);

/** Long enough to be large and seldom larger than a message may be, which takes its time. */
const padding = fc.oneof(
  { weight: 400, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.nat(20_000).map((length) => 'x'.repeat(length)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1_047_000, max: 1_050_000 }).map((length) => 'ä'.repeat(length / 2)),
  },
);

/** Bytes that someone may post: mostly a sample of the contract with something wrong. */
export function bodies(samples: readonly string[]): fc.Arbitrary<Buffer> {
  const sample = fc.constantFrom(...samples);
  const changes = fc.option(fc.array(change, { maxLength: 3 }), { freq: 2, nil: [] });
  const mutated = fc
    .tuple(sample, rules, changes, rewriting, padding)
    .map(([text, follow, changes, rewrite, pad]) => Buffer.from(rewrite(mutate(text, follow, changes, pad))));
  return fc.oneof(
    { weight: 16, arbitrary: mutated },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  );
}

function mutate(text: string, follow: Follow, changes: readonly Change[], pad: string): string {
  const payload = parsed(text);
  if (payload === undefined) return text + pad;
  const isUserStatus = EVENT_TYPES.some((type) => type === at(payload, 'eventType'));
  const isPersonal = (key: string) => (isUserStatus ? PERSONAL.includes(key) : key !== 'eventType');
  replacing((key, old) =>
    isPersonal(key) && typeof old === 'string' && old !== '' ? PRIVATE + old + pad : old,
  )(payload);
  follow(payload);
  for (const change of changes) {
    const slots = slotsOf(payload);
    const slot = slots[change.at % slots.length];
    if (slot !== undefined) apply(change, slot);
  }
  return JSON.stringify(payload).replaceAll(/\\u0000(?=":)/g, '');
}

function apply({ how, key, value }: Change, slot: Slot): void {
  const old: unknown = Reflect.get(slot.holder, slot.key);
  if (how === 'delete' || how === 'rename') Reflect.deleteProperty(slot.holder, slot.key);
  if (how === 'rename') put(slot.holder, key, old);
  if (how === 'replace') put(slot.holder, slot.key, value);
  if (how === 'nest') put(slot.holder, slot.key, { [slot.key]: old });
  if (how === 'repeat') put(slot.holder, slot.key + AGAIN, value);
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
