import { beforeAll, describe, expect, inject, it } from 'vitest';
import { startLocalStack } from '../../tools/local/stack.ts';
import { rotationDrill, type SceneReport } from '../../tools/proof/rotation/drill.ts';
import {
  createFleet,
  type Fleet,
  GRACE_MS,
  mostReadsInWindow,
  STAGED,
} from '../../tools/proof/rotation/fleet.ts';
import { brokenByRotation, MOST_READS } from '../../tools/proof/rotation/report.ts';
import { SCENES } from '../../tools/proof/rotation/scenes.ts';
import { veriffSample } from '../support/samples.ts';
import { sampleWith, webhook } from '../support/webhook.ts';

const body = Buffer.from(veriffSample.body);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const OLD = 'old-key-0123456789';
const NEW = 'new-key-0123456789';
const OTHER = 'never-stored-0123456789';

/** One environment that holds the old key. */
async function startOne() {
  const fleet = createFleet(1, OLD, body);
  const [environment] = fleet.environments;
  if (environment === undefined) throw new Error('Expected a fleet of one environment, got an empty one.');
  await environment.receive(OLD);
  return { fleet, environment };
}

describe('under load and forgeries, with one sender that switches at once and one that keeps the old key', () => {
  let reports: readonly SceneReport[] = [];
  beforeAll(async () => {
    reports = await rotationDrill(1);
  }, 240_000);

  it.each(SCENES.map(({ name }) => name))('every promise holds: %s', (name) => {
    const played = reports.filter(({ scene }) => scene === name);
    expect(played).toMatchObject([{ refused: 0, refusedForGood: 0, forgedAccepted: 0, endedAccepted: 0 }]);
    expect(brokenByRotation(played)).toEqual([]);
  });

  it('the secret is missed by some, and keys that have ended are tried', () => {
    for (const done of ['unavailable', 'byPreviousKey', 'forged', 'ended'] as const) {
      expect(
        reports.some((report) => report[done] > 50),
        done,
      ).toBe(true);
    }
  });
});

describe('a rotation', () => {
  it('is noticed by every environment at once, and refuses neither the new nor the old key', async () => {
    const stack = await startLocalStack({
      assemblyDir: inject('assemblyDir'),
      secret: OLD,
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
      expect(await deliver(40, () => OLD)).toEqual(new Set([200]));
      expect(stack.function.environments().length).toBeGreaterThan(1);
      stack.secrets.put(stack.secretName, { SecretString: NEW });
      expect(await deliver(80, (index) => (index % 2 ? NEW : OLD))).toEqual(new Set([200]));
      // The grace period begins with the later of both.
      for (const stage of ['AWSCURRENT', 'AWSPREVIOUS']) {
        stack.secrets.backdate(stack.secretName, stage, GRACE_MS);
      }
      await stack.function.recycle();
      expect(await deliver(20, () => OLD)).toEqual(new Set([401]));
      expect(await deliver(20, () => NEW)).toEqual(new Set([200]));
    } finally {
      await stack.stop();
    }
  });

  it('lets the old key in until its grace ends, and not after', async () => {
    const { fleet, environment } = await startOne();
    fleet.put(NEW);
    fleet.pass(GRACE_MS - 1);
    expect(await environment.receive(OLD)).toMatchObject({ key: { stage: 'AWSPREVIOUS' } });
    fleet.pass(1);
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Refused' });
    expect(await environment.receive(NEW)).toMatchObject({ key: { stage: 'AWSCURRENT' } });
  });

  it('is noticed with the first delivery that the new key signs, right after a refresh that was due', async () => {
    const { fleet, environment } = await startOne();
    fleet.pass(5 * MINUTE);
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Accepted' });
    fleet.put(NEW);
    expect(await environment.receive(NEW)).toMatchObject({ kind: 'Accepted' });
  });

  it.each(['warm', 'cold'])(
    'that is rolled back keeps both keys for the grace period of the later: %s',
    async (how) => {
      const { fleet, environment: warm } = await startOne();
      fleet.put(NEW);
      fleet.pass(HOUR);
      await warm.receive(NEW);
      fleet.promote('AWSPREVIOUS');
      const { receive } = how === 'warm' ? warm : fleet.start();
      expect(await receive(NEW)).toMatchObject({ kind: 'Accepted' });
      expect(await receive(OLD)).toMatchObject({ kind: 'Accepted' });
      fleet.pass(GRACE_MS - HOUR - 1);
      expect(await receive(NEW)).toMatchObject({ key: { stage: 'AWSPREVIOUS' } });
      fleet.pass(1);
      expect(await receive(NEW)).toMatchObject({ kind: 'Refused' });
      expect(await receive(OLD)).toMatchObject({ key: { stage: 'AWSCURRENT' } });
    },
  );

  it('to a version that was stored longer ago than the grace period ends the old key within 5 minutes', async () => {
    const { fleet, environment } = await startOne();
    fleet.stage(NEW);
    fleet.pass(48 * HOUR);
    await environment.receive(OLD);
    fleet.promote(STAGED);
    expect(await fleet.start().receive(OLD)).toMatchObject({ kind: 'Refused' });
    fleet.pass(5 * MINUTE);
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Refused' });
    expect(await environment.receive(NEW)).toMatchObject({ kind: 'Accepted' });
  });

  it('is used while AWSPREVIOUS alone cannot be read; what only that may verify is not refused', async () => {
    const { fleet, environment } = await startOne();
    fleet.put(NEW);
    fleet.fail('AWSPREVIOUS');
    expect(await environment.receive(NEW)).toMatchObject({ kind: 'Accepted' });
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Unavailable' });
    fleet.fail();
    fleet.pass(30 * SECOND);
    expect(await environment.receive(OLD)).toMatchObject({ key: { stage: 'AWSPREVIOUS' } });
  });
});

describe('a key that is taken away opens nothing 5 minutes later, however busy its thief keeps the environment', () => {
  it.each<[string, (fleet: Fleet) => void, 'Refused' | 'Unavailable']>([
    ['its value overwritten by one that cannot be used', (fleet) => fleet.put('{"broken":'), 'Unavailable'],
    ['its value overwritten by a list without a key', (fleet) => fleet.put('[]'), 'Unavailable'],
    ['reset to the placeholder', (fleet) => fleet.put('{"placeholder":"q:5Zr~"}'), 'Unavailable'],
    ['its secret deleted', (fleet) => fleet.delete(), 'Unavailable'],
    [
      'replaced, and AWSPREVIOUS removed',
      (fleet) => {
        fleet.put(NEW);
        fleet.removePrevious();
      },
      'Refused',
    ],
    [
      'replaced twice, so that it is in neither version',
      (fleet) => {
        fleet.put(NEW);
        fleet.put(JSON.stringify([NEW]));
      },
      'Refused',
    ],
  ])('%s', async (_, takeAway, kind) => {
    const { fleet, environment } = await startOne();
    takeAway(fleet);
    for (let passed = 0; passed < 5 * MINUTE; passed += 10 * SECOND) {
      await environment.receive(OLD);
      fleet.pass(10 * SECOND);
    }
    expect(await environment.receive(OLD)).toMatchObject({ kind });
    expect(await environment.receive(OLD)).toMatchObject({ kind });
  });
});

describe('while reading is denied', () => {
  it('held keys serve for an hour after the last read, then nothing is answered but 503, and all is well after it', async () => {
    const { fleet, environment } = await startOne();
    fleet.fail('AWSCURRENT', 'AWSPREVIOUS');
    fleet.pass(HOUR - 1);
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Accepted' });
    expect(await environment.receive(OTHER)).toMatchObject({ kind: 'Unavailable' });
    fleet.pass(1);
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Unavailable' });
    fleet.fail();
    expect(await environment.receive(OLD)).toMatchObject({ kind: 'Accepted' });
  });
});

describe('a flood of forged deliveries', () => {
  it.each<[string, number, Parameters<Fleet['fail']>, string, number]>([
    ['before a rotation', -1, [], 'Refused', 2],
    ['right after a rotation', 0, [], 'Refused', 2],
    ['half an hour after it, when a refresh is due, too', 0.5, [], 'Refused', 4],
    ['while AWSPREVIOUS alone is failing', 0, ['AWSPREVIOUS'], 'Unavailable', 3],
    // Keys that are due and cannot be read are due again 30 seconds later.
    ['while reading fails', 0, ['AWSCURRENT', 'AWSPREVIOUS'], 'Unavailable', MOST_READS],
  ])(
    'makes no environment refresh for it more than once in 30 seconds: %s',
    async (_, hours, failing, kind, most) => {
      const fleet = createFleet(4, OLD, body);
      for (const { receive } of fleet.environments) await receive(OLD);
      if (hours >= 0) fleet.put(NEW);
      fleet.pass(Math.max(hours, 0) * HOUR);
      fleet.fail(...failing);
      for (let forged = 0; forged < 1_200; forged += 1) {
        const outcomes = await Promise.all(
          fleet.environments.map(({ receive }) => receive(`forged-${forged}`)),
        );
        expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set([kind]));
        fleet.pass(SECOND / 2);
      }
      for (const environment of fleet.environments) {
        expect(mostReadsInWindow(environment)).toBeLessThanOrEqual(most);
        expect(environment.reads.length).toBeGreaterThanOrEqual(20);
      }
    },
  );

  it('keeps the new key from being found for 30 seconds at most, and the retry an hour later is accepted', async () => {
    const { fleet, environment } = await startOne();
    await environment.receive(OTHER);
    fleet.put(NEW);
    expect(await environment.receive(NEW)).toMatchObject({ kind: 'Refused' });
    fleet.pass(30 * SECOND);
    expect(await environment.receive(NEW)).toMatchObject({ kind: 'Accepted' });
  });

  it('that comes at once joins one refresh, which every delivery waits for', async () => {
    const { fleet, environment } = await startOne();
    fleet.put(NEW);
    const reads = environment.reads.length;
    const keys = [OTHER, NEW, OTHER, OLD, NEW, OTHER];
    const outcomes = await Promise.all(keys.map((key) => environment.receive(key)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      keys.map((key) => (key === OTHER ? 'Refused' : 'Accepted')),
    );
    expect(environment.reads.length - reads).toBe(2);
  });
});
