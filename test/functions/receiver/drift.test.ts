import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPayload, type UserStatusCreated } from '../../../contract/event.ts';
import { type Drift, unknownProperties, watchingDrift } from '../../../functions/receiver/drift.ts';
import type { Queues, Sent } from '../../../functions/receiver/receive.ts';
import { type Sample, validSamples } from '../../support/samples.ts';
import { sampleWith } from '../../support/webhook.ts';

const samples = new Map(validSamples.map((sample): [string, Sample] => [sample.name, sample]));
const known = eventOf(sampleWith(() => {}));

function eventOf(text: string): UserStatusCreated {
  const payload = readPayload(text);
  if (!payload.ok) throw new Error(payload.unusable.problems.join());
  return payload.event;
}

describe('a property that the contract does not have', () => {
  it('is found at each of the four levels', () => {
    const { data } = known;
    const { verification } = data;
    const event = {
      ...known,
      a: 1,
      data: {
        ...data,
        b: 1,
        verification: {
          ...verification,
          c: 1,
          userDefinedData: { ...verification.userDefinedData, d: 1 },
        },
      },
    };
    expect(unknownProperties(event)).toEqual([
      'a',
      'data.b',
      'data.verification.c',
      'data.verification.userDefinedData.d',
    ]);
  });

  it.each(validSamples)('is all that is found: $name', ({ name, body }) => {
    const expected =
      name === 'unknown-properties'
        ? ['reviewer', 'data.verification.riskScore', 'data.verification.userDefinedData.labels']
        : [];
    expect(unknownProperties(eventOf(body))).toEqual(expected);
  });

  it.each(['jane@example.com', 'Jane Doe', '7', '', 'имя', '__proto\n', 'x'.repeat(65), 'a-b'])(
    'goes without its name when that is no identifier: %j',
    (name) => expect(unknownProperties({ ...known, [name]: 1 })).toEqual(['(other)']),
  );

  it.each(['riskScore', 'risk_score', '_x', '$x', 'V2', 'x'.repeat(64)])(
    'has its name when that is an identifier: %s',
    (name) => expect(unknownProperties({ ...known, [name]: 1 })).toEqual([name]),
  );

  it('is reported by short plain names only, at most 20, whatever a payload holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything(), { maxKeys: 40 }), (extra) => {
        const names = unknownProperties({ ...extra, ...known });
        expect(names.length).toBeLessThanOrEqual(20);
        for (const name of names) expect(name).toMatch(/^([A-Za-z_$][\w$]{0,63}|\(other\))$/);
      }),
    );
  });
});

describe('the watch for drift', () => {
  /** What is reported of some events, each published with this result. */
  async function reported(events: readonly UserStatusCreated[], sent: Sent = 'confirmed') {
    const reports: Drift[] = [];
    const queues: Queues = {
      publish: async () => ({ sent, eventId: 'id' }),
      quarantine: async () => 'confirmed',
    };
    const watching = watchingDrift(queues, (drift) => void reports.push(drift));
    const delivery = {
      body: new Uint8Array(),
      source: '',
      signature: undefined,
      integration: undefined,
      receivedAt: new Date(),
    };
    for (const event of events) {
      const published = await watching.publish({ event, text: '' }, delivery, AbortSignal.timeout(1_000));
      expect(published).toEqual({ sent, eventId: 'id' });
    }
    return reports;
  }

  const drifted = eventOf(samples.get('unknown-properties')?.body ?? '');
  const many = (prefix: string, count: number) => ({
    ...known,
    ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, 1])),
  });

  it('reports nothing of an event that the contract covers', async () => {
    expect(await reported([known])).toEqual([]);
  });

  it('counts each delivery, and names a property the first time only', async () => {
    expect(await reported([drifted, drifted, { ...drifted, added: 1 }])).toEqual([
      {
        count: 3,
        news: ['reviewer', 'data.verification.riskScore', 'data.verification.userDefinedData.labels'],
      },
      { count: 3, news: [] },
      { count: 4, news: ['added'] },
    ]);
  });

  it('names properties without a name of their own once', async () => {
    expect(await reported([{ ...known, '1 a': 1, '1 b': 1 }])).toEqual([{ count: 2, news: ['(other)'] }]);
  });

  it('counts at most 20 of a delivery, and names at most 20 in all', async () => {
    const reports = await reported([many('a', 15), many('b', 30), many('c', 1)]);
    expect(reports.map(({ count }) => count)).toEqual([15, 20, 1]);
    expect(reports.map(({ news }) => news.length)).toEqual([15, 5, 0]);
  });

  it.each(['too-large', 'refused'] as const)('leaves an event that was not published: %s', async (sent) => {
    expect(await reported([drifted], sent)).toEqual([]);
  });
});
