import { describe, expect, it } from 'vitest';
import { FAULTS, type Fault, type Service } from '../support/fault.ts';
import { always, once } from '../support/fault-proxy.ts';
import { ANSWER_WITHIN_MS, type Answer, type Rig, withRig } from './rig.ts';

const HARMLESS = 'slow';
/** Secrets Manager itself says that there is no such secret: that ends the keys that were read before. */
const DELETED = 'missing';
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
  it('SQS makes deliveries unavailable, cold and warm, and the next one after it succeeds', () =>
    withRig(async (rig) => {
      const answers: Answer[] = [];
      for (const _ of ['cold', 'warm']) {
        await start(rig, 'sqs', fault);
        answers.push(await rig.deliver());
        await end(rig, 'sqs', fault);
        answers.push(await rig.deliver());
      }
      expect(answers).toMatchObject([UNAVAILABLE, ACCEPTED, UNAVAILABLE, ACCEPTED]);
      await expectPromises(rig, answers);
    }));

  const held = fault === DELETED ? UNAVAILABLE : ACCEPTED;

  it('Secrets Manager makes a cold delivery unavailable, and a warm environment goes on with what it may', () =>
    withRig(async (rig) => {
      const answers: Answer[] = [];
      await start(rig, 'secretsManager', fault);
      answers.push(await rig.deliver());
      await end(rig, 'secretsManager', fault);
      answers.push(await rig.deliver());
      await start(rig, 'secretsManager', fault);
      // Only a mismatch makes a warm environment read; a forged delivery can't be told from one with a newer key then.
      answers.push(await rig.deliver('another'), await rig.deliver());
      await end(rig, 'secretsManager', fault);
      answers.push(await rig.deliver());
      expect(answers).toMatchObject([UNAVAILABLE, ACCEPTED, UNAVAILABLE, held, ACCEPTED]);
      await expectPromises(rig, answers);
    }));
});

it('a slow secret, a rotation and a dead SQS at once make a cold delivery unavailable, in time all the same', () =>
  withRig(async (rig) => {
    const { faults, secrets, secretName } = rig.stack;
    secrets.put(secretName, { SecretString: 'new-key-0123456789' });
    faults.secretsManager.plan((call) => (call === 1 ? 'stall' : 'slow'));
    faults.sqs.plan(always('stall'));
    // Signed with the previous key, which takes another read.
    const answer = await rig.deliver();
    expect(answer).toMatchObject(UNAVAILABLE);
    expect(faults.sqs.calls.length).toBeGreaterThan(0);
    await expectPromises(rig, [answer]);
  }));

// The call after the fault has 0.8 s, which a machine busy with other test files may not give it.
describe.concurrent.each(FAULTS)('when one call fails: %s', { retry: 2 }, (fault) => {
  const calls = fault === HARMLESS ? 1 : 2;

  it('of SQS, the same delivery is accepted all the same, cold and warm', () =>
    withRig(async (rig) => {
      const answers: Answer[] = [];
      for (const _ of ['cold', 'warm']) {
        rig.stack.faults.sqs.plan(once(fault));
        answers.push(await rig.deliver());
        expect(rig.stack.faults.sqs.calls.length).toBeGreaterThanOrEqual(calls);
      }
      expect(answers).toMatchObject([ACCEPTED, ACCEPTED]);
      await expectPromises(rig, answers);
    }));

  it('of Secrets Manager, the same delivery is accepted all the same, cold and after a rotation', () =>
    withRig(async (rig) => {
      const { faults, secrets, secretName } = rig.stack;
      faults.secretsManager.plan(once(fault));
      const answers = [await rig.deliver()];
      expect(faults.secretsManager.calls.length).toBeGreaterThanOrEqual(calls);
      secrets.put(secretName, { SecretString: 'new-key-0123456789' });
      faults.secretsManager.plan(once(fault));
      answers.push(await rig.deliver('new-key-0123456789'));
      expect(faults.secretsManager.calls.length).toBeGreaterThanOrEqual(calls);
      if (fault === DELETED) {
        expect(answers.pop()).toMatchObject(UNAVAILABLE);
        answers.push(await rig.deliver('new-key-0123456789'));
      }
      expect(answers).toMatchObject([ACCEPTED, ACCEPTED]);
      await expectPromises(rig, answers);
    }));
});
