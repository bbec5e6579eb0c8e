import { fingerprint } from '../../../functions/receiver/secret-value.ts';
import { type Bench, inWords } from './bench.ts';
import { hold, type Step } from './step.ts';

const DOCS = 'docs/runbook.md#rotate-a-key';
const REVOKED_MS = 5 * 60_000;

/** A rotation as the runbook has it; its last step is one for after the next deployment, which passes the time. */
export function keySteps(bench: Bench): { readonly steps: readonly Step[]; readonly afterwards: Step } {
  const { keys, newEvent, send, until, tool, take, deployed } = bench;
  let revokedAt = 0;

  async function works(secret: string): Promise<void> {
    const body = await newEvent();
    const answer = await until(
      () => send(body, secret),
      ({ status }) => status === 200,
      60_000,
    );
    hold(answer.status === 200, `${fingerprint(secret)}: ${inWords(answer)}`);
    await take(deployed().outputs.QueueUrl, 1);
  }

  const steps: Step[] = [
    {
      claim: 'A second key is added, and both work.',
      docs: DOCS,
      isNeeded: true,
      run: async () => {
        await tool('secret.ts', ['--add', '--integration', 'verify'], keys.second);
        await works(keys.second);
        await works(keys.first);
        return 'accepted with either';
      },
    },
    {
      claim: 'A key that was removed works on during the grace period.',
      docs: DOCS,
      run: async () => {
        await tool('secret.ts', ['--remove', fingerprint(keys.first)]);
        await works(keys.first);
        return 'accepted right after it was removed';
      },
    },
    {
      claim: 'A key can be revoked while the other one works on.',
      docs: 'docs/runbook.md#a-key-has-leaked',
      run: async () => {
        await tool('secret.ts', ['--revoke', fingerprint(keys.first)]);
        revokedAt = Date.now();
        await works(keys.second);
        return 'revoked; the other one is accepted';
      },
    },
  ];

  const afterwards: Step = {
    claim: 'A revoked key opens nothing after 5 minutes.',
    docs: 'docs/runbook.md#a-key-has-leaked',
    run: async () => {
      hold(revokedAt > 0, 'it was not revoked');
      const body = await newEvent();
      const look = () => send(body, keys.first);
      const limit = Math.max(0, revokedAt + REVOKED_MS - Date.now());
      const answer = await until(look, ({ status }) => status === 401, limit);
      await take(deployed().outputs.QueueUrl);
      hold(answer.status === 401, inWords(answer));
      return `refused ${Math.round((Date.now() - revokedAt) / 1_000)} s later, after a deployment`;
    },
  };
  return { steps, afterwards };
}
