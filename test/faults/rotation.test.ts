import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { startLocalStack } from '../../tools/local/stack.ts';
import { table } from '../../tools/proof/table.ts';
import { deliver } from '../support/delivering.ts';
import { isLong, printedSeed } from '../support/long-run.ts';
import { sampleWith } from '../support/webhook.ts';
import { play, type SceneReport } from './rotation/drill.ts';
import { createFleet, type Fleet, GRACE_MS, HOUR_MS } from './rotation/fleet.ts';
import { SCENES } from './rotation/scenes.ts';

const OLD = 'old-key-0123456789';
const NEW = 'new-key-0123456789';
/**
 * Two refreshes: that of keys that were due, and one for signatures that no key made. Each reads two versions, and
 * each of these twice when reading fails.
 */
const MOST_READS = 2 * 2 * 2;

describe('a rotation under load and forgeries, with one sender that switches at once and one that keeps the old key', () => {
  const seed = printedSeed();
  const scenes = Object.entries(SCENES);
  // Their retries wait: all at once wait no longer than one.
  vi.setConfig({ maxConcurrency: scenes.length });
  const reports = new Map<string, SceneReport>();
  afterAll(() => {
    const [first = {}] = reports.values();
    const rows = scenes.map(([name]) => [name, ...Object.values(reports.get(name) ?? {})]);
    if (isLong) console.log(table(['scene', ...Object.keys(first)], rows));
  });

  it.concurrent.each(scenes)('keeps every promise: %s', async (name, scene) => {
    const report = await play(scene, seed);
    reports.set(name, report);
    expect(report).toMatchObject({
      accepted: report.sent,
      mislabelled: 0,
      'refused (401)': 0,
      '503 for nothing': 0,
      'refused for good': 0,
      'forged accepted': 0,
      'of them accepted': 0,
    });
    expect(report['most reads in 30 s']).toBeLessThanOrEqual(MOST_READS);
  });

  it.each(['unavailable (503)', 'by the previous key', 'forged', 'with an ended key'] as const)(
    'was hard: some deliveries are counted as %s',
    (done) => expect(Math.max(...[...reports.values()].map((report) => report[done]))).toBeGreaterThan(50),
  );
});

it('a rotation is noticed by every environment at once, and refuses neither the new nor the old key', async () => {
  await using started = new AsyncDisposableStack();
  const stack = await startLocalStack({
    assemblyDir: inject('assemblyDir'),
    secret: OLD,
    maxEnvironments: 4,
  });
  started.defer(stack.stop);
  const statuses = async (count: number, keyOf: (index: number) => string) => {
    const answers = Array.from({ length: count }, (_, index) => {
      const body = sampleWith((payload) => {
        payload.sessionId = `session-${index}`;
      });
      return deliver(stack.url, { secret: keyOf(index), body });
    });
    return new Set((await Promise.all(answers)).map(({ status }) => status));
  };
  expect(await statuses(40, () => OLD)).toEqual(new Set([200]));
  expect(stack.function.environments().length).toBeGreaterThan(1);
  stack.secrets.put(stack.secretName, { SecretString: NEW });
  expect(await statuses(80, (index) => (index % 2 ? NEW : OLD))).toEqual(new Set([200]));
  // The grace period begins with the later of both.
  for (const stage of ['AWSCURRENT', 'AWSPREVIOUS'])
    stack.secrets.backdate(stack.secretName, stage, GRACE_MS);
  await stack.function.recycle();
  expect(await statuses(20, () => OLD)).toEqual(new Set([401]));
  expect(await statuses(20, () => NEW)).toEqual(new Set([200]));
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
      const fleet = createFleet(OLD);
      for (const { receive } of fleet.environments) await receive(OLD);
      if (hours >= 0) fleet.put(NEW);
      fleet.pass(Math.max(hours, 0) * HOUR_MS);
      fleet.fail(...failing);
      for (let forged = 0; forged < 1_200; forged += 1) {
        const outcomes = await Promise.all(
          fleet.environments.map(({ receive }) => receive(`forged-${forged}`)),
        );
        expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set([kind]));
        fleet.pass(500);
      }
      expect(fleet.mostReads()).toBeLessThanOrEqual(most);
      for (const { reads } of fleet.environments) expect(reads.length).toBeGreaterThanOrEqual(20);
    },
  );
});
