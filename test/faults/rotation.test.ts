import { beforeAll, describe, expect, inject, it } from 'vitest';
import { sign } from '../../functions/receiver/signature.ts';
import { startLocalStack } from '../../tools/local/stack.ts';
import { createFleet, GRACE_MS, mostReadsInWindow } from '../../tools/torture/fleet.ts';
import { rotationDrill, type SceneReport } from '../../tools/torture/rotation-drill.ts';
import { SCENES } from '../../tools/torture/rotation-scenes.ts';
import { veriffSample } from '../support/samples.ts';
import { sampleWith, webhook } from '../support/webhook.ts';

const body = Buffer.from(veriffSample.body);
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const signed = (key: string) => ({ body, source: '', signature: sign(key, body), integration: undefined });

describe('under load and forgeries, with one sender that switches at once and one that keeps the old key', () => {
  let reports: readonly SceneReport[] = [];
  beforeAll(async () => {
    reports = await rotationDrill(1);
  });

  it.each(SCENES.map(({ name }) => name))('no authentic delivery is refused for good: %s', (name) => {
    const report = reports.find(({ scene }) => scene === name);
    expect(report).toMatchObject({ refusedForGood: 0, forgedAccepted: 0, oldKeyStopped: true });
    expect(report?.accepted).toBe(report?.sent);
    expect(report?.mostReads).toBeLessThanOrEqual(2);
  });
});

describe('a rotation', () => {
  it('is noticed by every environment at once, and refuses neither the new nor the old key', async () => {
    const stack = await startLocalStack({
      assemblyDir: inject('assemblyDir'),
      secret: 'old-key-0123456789',
      maxEnvironments: 4,
    });
    const deliver = async (count: number, keyOf: (index: number) => string) => {
      const answers = Array.from({ length: count }, async (_, index) => {
        const { body: sent, headers } = webhook({
          secret: keyOf(index),
          body: sampleWith((payload) => {
            payload.sessionId = `session-${index}`;
          }),
        });
        return (await fetch(stack.url, { method: 'POST', body: Buffer.from(sent), headers })).status;
      });
      return new Set(await Promise.all(answers));
    };
    try {
      expect(await deliver(40, () => 'old-key-0123456789')).toEqual(new Set([200]));
      expect(stack.function.environments().length).toBeGreaterThan(1);
      stack.secrets.put(stack.secretName, { SecretString: 'new-key-0123456789' });
      expect(await deliver(80, (index) => (index % 2 ? 'new-key-0123456789' : 'old-key-0123456789'))).toEqual(
        new Set([200]),
      );
      stack.secrets.backdate(stack.secretName, 'AWSCURRENT', GRACE_MS);
      await stack.function.recycle();
      expect(await deliver(20, () => 'old-key-0123456789')).toEqual(new Set([401]));
      expect(await deliver(20, () => 'new-key-0123456789')).toEqual(new Set([200]));
    } finally {
      await stack.stop();
    }
  });

  it('lets the old key in until its grace ends, and not after', async () => {
    const fleet = createFleet(1, 'old-key-0123456789');
    const [environment] = fleet.environments;
    await environment?.receive(signed('old-key-0123456789'));
    fleet.put('new-key-0123456789');
    fleet.pass(GRACE_MS - 1);
    expect(await environment?.receive(signed('old-key-0123456789'))).toMatchObject({ stage: 'AWSPREVIOUS' });
    fleet.pass(1);
    expect(await environment?.receive(signed('old-key-0123456789'))).toMatchObject({ kind: 'Refused' });
    expect(await environment?.receive(signed('new-key-0123456789'))).toMatchObject({ stage: 'AWSCURRENT' });
  });
});

describe('a flood of forged deliveries', () => {
  it.each([
    ['before a rotation', -1, false],
    ['right after a rotation', 0, false],
    ['an hour after it', 1, false],
    ['while the store is failing', 1, true],
  ])('makes no environment read more than twice in 30 seconds: %s', async (_, hours, failing) => {
    const fleet = createFleet(4, 'old-key-0123456789');
    for (const { receive } of fleet.environments) await receive(signed('old-key-0123456789'));
    if (hours >= 0) fleet.put('new-key-0123456789');
    fleet.pass(Math.max(hours, 0) * HOUR);
    fleet.failing = failing;
    for (let forged = 0; forged < 1_200; forged += 1) {
      const outcomes = await Promise.all(
        fleet.environments.map(({ receive }) => receive(signed(`forged-${forged}`))),
      );
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['Refused']));
      fleet.pass(SECOND / 2);
    }
    for (const environment of fleet.environments) {
      expect(mostReadsInWindow(environment)).toBeLessThanOrEqual(2);
      expect(environment.reads.length).toBeGreaterThanOrEqual(20);
    }
  });

  it('keeps the new key from being found for 30 seconds at most, and the retry an hour later is accepted', async () => {
    const fleet = createFleet(1, 'old-key-0123456789');
    const [environment] = fleet.environments;
    await environment?.receive(signed('forged'));
    fleet.put('new-key-0123456789');
    expect(await environment?.receive(signed('new-key-0123456789'))).toMatchObject({ kind: 'Refused' });
    fleet.pass(30 * SECOND);
    expect(await environment?.receive(signed('new-key-0123456789'))).toMatchObject({ kind: 'Accepted' });
  });
});
