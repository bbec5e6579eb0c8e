import { fingerprint } from '../../functions/receiver/secret-value.ts';
import { claim } from './claim.ts';
import { answers, INTEGRATION, keys, outputs, take, tool } from './stage.ts';

const REVOKED_MS = 5 * 60_000;

const first = fingerprint(keys.first);
let changedAt = Number.NaN;

/** Changes the stored keys, and sees that these work. */
async function change(args: readonly string[], working: readonly string[], input?: string): Promise<string> {
  await tool('secret', args, input);
  changedAt = Date.now();
  for (const secret of working) {
    await answers(200, secret);
    await take(outputs().QueueUrl, 1);
  }
  return `accepted with ${working.map(fingerprint).join(' and ')}`;
}

/** A rotation as the runbook has it. */
export function claimRotation(): void {
  claim(
    'A second key is added, and both work.',
    { docs: 'docs/runbook.md#rotate-a-key', isNeeded: true },
    () => change(['--add', '--integration', INTEGRATION], [keys.second, keys.first], keys.second),
  );
  claim(
    'A key that was removed works on during the grace period.',
    { docs: 'docs/runbook.md#rotate-a-key' },
    () => change(['--remove', first], [keys.first]),
  );
  claim(
    'A key can be revoked while the other one works on.',
    { docs: 'docs/runbook.md#a-key-has-leaked' },
    () => change(['--revoke', first], [keys.second]),
  );
}

/** Long after the rotation: the time until a revoked key has ended passes with other claims. */
export function claimRevocation(): void {
  claim(
    'A revoked key opens nothing after 5 minutes.',
    { docs: 'docs/runbook.md#a-key-has-leaked' },
    async () => {
      try {
        await answers(401, keys.first, changedAt + REVOKED_MS - Date.now(), 5);
        return `refused ${Math.round((Date.now() - changedAt) / 1_000)} s later, after a deployment`;
      } finally {
        await take(outputs().QueueUrl);
      }
    },
  );
}
