import { expect, inject, it } from 'vitest';
import { runChaos } from '../../tools/proof/chaos/run.ts';

it('loses nothing it acknowledged and lets nobody in, whatever fails and whoever is killed', async () => {
  const report = await runChaos({
    deliveries: 2_000,
    events: 400,
    environments: 4,
    seed: 20_261_123,
    assemblyDir: inject('assemblyDir'),
  });
  expect(report).toMatchObject({
    lost: 0,
    forgedAccepted: 0,
    refused: 0,
    wrongIds: 0,
    neverAcknowledged: 0,
  });
  // Otherwise nothing was shown.
  for (const done of ['killed', 'outages', 'unavailable', 'retried', 'resent', 'forged'] as const) {
    expect(report[done], done).toBeGreaterThan(0);
  }
}, 240_000);
