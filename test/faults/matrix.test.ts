import { describe, expect, it } from 'vitest';
import { FAULTS, type Fault, type Service } from '../../tools/torture/fault.ts';
import { always, nth } from '../../tools/torture/fault-proxy.ts';
import { ANSWER_WITHIN_MS, type Answer, type Rig, withRig } from './rig.ts';

const HARMLESS = 'slow';
const lasting = [...FAULTS.filter((fault) => fault !== HARMLESS), 'down'] as const;
const ACCEPTED = { status: 200 };
const UNAVAILABLE = { status: 503, retryAfter: '60' };

async function start({ stack }: Rig, service: Service, fault: Fault | 'down'): Promise<void> {
  if (fault === 'down') await stack.faults[service].down();
  else stack.faults[service].plan(always(fault));
}

async function end({ stack }: Rig, service: Service, fault: Fault | 'down'): Promise<void> {
  if (fault === 'down') await stack.faults[service].up();
  stack.faults[service].heal();
}

/** Whatever happened: in time, by one process that lives on, and every 200 has its event on the queue. */
async function expectPromises({ acknowledged, stored, stack }: Rig, answers: readonly Answer[]) {
  for (const { ms } of answers) expect(ms).toBeLessThan(ANSWER_WITHIN_MS);
  const [living] = stack.function.environments();
  expect(new Set(answers.map(({ environment }) => environment))).toEqual(new Set([living?.id]));
  expect(new Set(acknowledged).size).toBe(answers.filter(({ status }) => status === 200).length);
  expect(await stored()).toEqual(expect.arrayContaining([...acknowledged]));
}

describe.concurrent.each(lasting)('while every call fails: %s', (fault) => {
  it.each(['cold', 'warm'])(
    'SQS makes a delivery unavailable, and the next one after it succeeds: %s',
    (start_) =>
      withRig(async (rig) => {
        const before = start_ === 'warm' ? [await rig.deliver()] : [];
        await start(rig, 'sqs', fault);
        const during = await rig.deliver();
        await end(rig, 'sqs', fault);
        const after = await rig.deliver();
        expect([during, after]).toEqual([
          expect.objectContaining(UNAVAILABLE),
          expect.objectContaining(ACCEPTED),
        ]);
        await expectPromises(rig, [...before, during, after]);
      }),
  );

  it('Secrets Manager makes a cold delivery unavailable, and the next one after it succeeds', () =>
    withRig(async (rig) => {
      await start(rig, 'secretsManager', fault);
      const during = await rig.deliver();
      await end(rig, 'secretsManager', fault);
      const after = await rig.deliver();
      expect([during, after]).toEqual([
        expect.objectContaining(UNAVAILABLE),
        expect.objectContaining(ACCEPTED),
      ]);
      await expectPromises(rig, [during, after]);
    }));

  it('Secrets Manager lets a warm environment go on with the secret it has, forged deliveries or not', () =>
    withRig(async (rig) => {
      const before = await rig.deliver();
      await start(rig, 'secretsManager', fault);
      const forged = await rig.deliver('another');
      const during = await rig.deliver();
      await end(rig, 'secretsManager', fault);
      const after = await rig.deliver();
      expect([before.status, forged.status, during.status, after.status]).toEqual([200, 401, 200, 200]);
      await expectPromises(rig, [before, forged, during, after]);
    }));
});

describe.concurrent.each(FAULTS)('when one call fails: %s', (fault) => {
  it.each<[Service, 'cold' | 'warm']>([
    ['sqs', 'cold'],
    ['sqs', 'warm'],
    ['secretsManager', 'cold'],
  ])('of %s, the same delivery is accepted all the same: %s', (service, start_) =>
    withRig(async (rig) => {
      const before = start_ === 'warm' ? [await rig.deliver()] : [];
      rig.stack.faults[service].plan(nth(1, fault));
      const hit = await rig.deliver();
      expect(hit).toMatchObject(ACCEPTED);
      expect(rig.stack.faults[service].calls()).toBe(fault === HARMLESS ? 1 : 2);
      await expectPromises(rig, [...before, hit]);
    }),
  );

  it('of Secrets Manager right after a rotation, the new key is accepted all the same', () =>
    withRig(async (rig) => {
      const before = await rig.deliver();
      rig.stack.secrets.put(rig.stack.secretName, { SecretString: 'new-key' });
      rig.stack.faults.secretsManager.plan(nth(1, fault));
      const hit = await rig.deliver('new-key');
      expect(hit).toMatchObject(ACCEPTED);
      await expectPromises(rig, [before, hit]);
    }));
});
