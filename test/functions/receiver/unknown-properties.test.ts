import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readPayload, type UserStatusEvent } from '../../../contract/event.ts';
import { userStatusCreated } from '../../../contract/subscriber.ts';
import { unknownProperties } from '../../../functions/receiver/unknown-properties.ts';
import { validSamples } from '../../support/samples.ts';
import { sampleWith } from '../../support/webhook.ts';

const known = v.parse(userStatusCreated, JSON.parse(sampleWith(() => {})));

function eventOf(text: string): UserStatusEvent {
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

  it('is found 20 times at most', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`b${n}`, 1]));
    expect(unknownProperties({ ...known, ...many })).toHaveLength(20);
  });

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
