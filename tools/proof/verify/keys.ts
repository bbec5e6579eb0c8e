import { fingerprint } from '../../../functions/receiver/secret-value.ts';
import { INTEGRATION } from './deliveries.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

const REVOKED_MS = 5 * 60_000;

/** A rotation as the runbook has it; the last step comes after those that pass the time until a revoked key has ended. */
export function keySteps(stage: Stage, meanwhile: readonly Step[]): readonly Step[] {
  const { keys, answers, tool, take, outputs } = stage;
  const first = fingerprint(keys.first);
  let changedAt = Number.NaN;

  /** Changes the stored keys, and sees that these work. */
  async function change(
    args: readonly string[],
    working: readonly string[],
    input?: string,
  ): Promise<string> {
    await tool('secret', args, input);
    changedAt = Date.now();
    for (const secret of working) {
      await answers(200, secret);
      await take(outputs().QueueUrl, 1);
    }
    return `accepted with ${working.map(fingerprint).join(' and ')}`;
  }

  return [
    {
      claim: 'A second key is added, and both work.',
      docs: 'docs/runbook.md#rotate-a-key',
      isNeeded: true,
      run: () => change(['--add', '--integration', INTEGRATION], [keys.second, keys.first], keys.second),
    },
    {
      claim: 'A key that was removed works on during the grace period.',
      docs: 'docs/runbook.md#rotate-a-key',
      run: () => change(['--remove', first], [keys.first]),
    },
    {
      claim: 'A key can be revoked while the other one works on.',
      docs: 'docs/runbook.md#a-key-has-leaked',
      run: () => change(['--revoke', first], [keys.second]),
    },
    ...meanwhile,
    {
      claim: 'A revoked key opens nothing after 5 minutes.',
      docs: 'docs/runbook.md#a-key-has-leaked',
      run: async () => {
        try {
          await answers(401, keys.first, changedAt + REVOKED_MS - Date.now());
          return `refused ${Math.round((Date.now() - changedAt) / 1_000)} s later, after a deployment`;
        } finally {
          await take(outputs().QueueUrl);
        }
      },
    },
  ];
}
