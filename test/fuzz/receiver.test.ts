import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { table } from '../../tools/proof/table.ts';
import { fuzzPath, isLong, printedSeed, runs, showProgress } from '../support/long-run.ts';
import { events } from './events/events.ts';
import { judge } from './judge/judge.ts';
import { at, bytesOf, hmac, parsed } from './judge/reading.ts';
import { type FuzzedReceiver, startReceiver } from './receiver.ts';
import { FORMS, SECRETS } from './secret-forms.ts';

const numRuns = Math.ceil(runs(6_000, 1_000_000) / FORMS.length);
const firstSeed = printedSeed();
/** How many events had which end, with each form of the secret. */
const ends = new Map<string, Record<(typeof FORMS)[number], number>>();

afterAll(() => {
  const rows = [...ends].sort().map(([end, counts]) => [end, ...FORMS.map((form) => counts[form])]);
  if (isLong) console.log(table(['end', ...FORMS], rows));
});

describe.each(FORMS)('with the secret as %s', (form) => {
  // Another one for each form, or all three would get the same bodies.
  const seed = firstSeed + FORMS.indexOf(form);
  const secret = SECRETS[form];
  let receiver: FuzzedReceiver;
  beforeEach(async () => {
    receiver = await startReceiver(secret);
  });
  afterEach(() => receiver.stop());

  const keepsPromises = (invoke: FuzzedReceiver['invoke'], onKept = (_answer: unknown) => {}) =>
    fc.asyncProperty(events(secret), async (event) => {
      const observed = await invoke(event);
      judge(event, observed, secret);
      onKept(observed.answer);
    });

  it('generated events break no promise', async () => {
    let done = 0;
    const property = keepsPromises(receiver.invoke, (answer) => {
      const end = endOf(answer);
      const counts = ends.get(end) ?? { bare: 0, list: 0, names: 0 };
      counts[form] += 1;
      ends.set(end, counts);
      done += 1;
      showProgress(done, numRuns);
    });
    await fc.assert(property, { numRuns, seed, path: fuzzPath() });
  });

  it('generated events are accepted, put in quarantine for every reason, and refused', () => {
    // Too large ones are seldom: they take their time.
    expect([...ends].filter(([, counts]) => counts[form] > 0).map(([end]) => end)).toEqual(
      expect.arrayContaining([
        '200 accepted',
        '200 quarantined invalid-event',
        '200 quarantined not-json',
        '200 quarantined other-webhook',
        '200 quarantined unfamiliar-event-type',
        '401',
      ]),
    );
  });

  it('a fault is found, told as small as it can be, and found again from what is told', async () => {
    /** Takes the signature for right when it has the right length. */
    const faulty: FuzzedReceiver['invoke'] = (event) => {
      const given = at(event, 'headers', 'x-hmac-signature');
      const digests = secret.keys.map((key) => hmac(bytesOf(event), key.secret));
      if (typeof given !== 'string' || given.length !== 64 || digests.includes(given.toLowerCase())) {
        return receiver.invoke(event);
      }
      return receiver.invoke({ ...Object(event), headers: { 'x-hmac-signature': digests[0] } });
    };
    const found = await fc.check(keepsPromises(faulty), { numRuns: 4_000, seed });
    const path = found.counterexamplePath ?? '';
    const again = await fc.check(keepsPromises(faulty), { numRuns: 1, seed, path });
    expect(String(found.errorInstance)).toContain('what is not signed is refused');
    expect(fc.stringify(found.counterexample).length).toBeLessThan(2_000);
    expect(fc.stringify(again.counterexample)).toBe(fc.stringify(found.counterexample));
  });
});

function endOf(answer: unknown): string {
  const { status, reason } = Object(parsed(String(at(answer, 'body'))));
  return [at(answer, 'statusCode'), typeof status === 'string' ? status : '', reason]
    .filter(Boolean)
    .join(' ');
}
