import { assert } from 'vitest';
import { type Finding, line } from '../../tools/ops/doctor/finding.ts';
import { claim } from './claim.ts';
import { refused } from './deliveries.ts';
import { MAIL_ADDRESS } from './deployments.ts';
import { answers, deploy, doctor, INTEGRATION, keys, outputs, take, tool } from './stage.ts';

/** A new address may take a while to be known everywhere. */
const FIRST_ANSWER_MS = 120_000;

/** Nobody confirms the email address; and what the steps before provoked may fire by now. */
const isOwnDoing = ({ what }: Finding) => what.includes(MAIL_ADDRESS) || /^Alarm \S/.test(what);

/** A stage is made and gets its key, as the README says. */
export function claimFreshStage(): void {
  claim(
    'A stage with alarms and a dashboard, which has tags, is deployed in this Region.',
    { docs: 'README.md#deploy, step 2; docs/configuration.md#options, dashboard', isNeeded: true },
    async () => {
      await deploy('first');
      await answers(401, undefined, FIRST_ANSWER_MS);
      return outputs().WebhookUrl;
    },
  );
  claim(
    'Before a key is stored, a signed delivery gets 503 with Retry-After, and nothing is kept.',
    { docs: 'docs/runbook.md#the-secret-is-the-placeholder' },
    () => refused(({ status, headers }) => status === 503 && headers.has('retry-after')),
  );
  claim(
    'A key that was just stored verifies deliveries; nothing is restarted or deployed.',
    { docs: 'README.md#deploy, step 3', isNeeded: true },
    async () => {
      await tool('secret', ['--integration', INTEGRATION], keys.first);
      const seen = await answers(200, keys.first);
      await take(outputs().QueueUrl, 1);
      return seen;
    },
  );
  // Before deliveries that are refused: the doctor learns minutes later that they were this run's own.
  claim('The doctor finds no fault in a fresh stage.', { docs: 'README.md#deploy, step 5' }, async () => {
    const findings = await doctor();
    const bad = findings.filter(({ kind }) => kind === 'bad');
    const faults = bad.filter((finding) => !isOwnDoing(finding));
    assert(faults.length === 0, faults.map(line).join(' '));
    return `${findings.length} findings, no fault; ${bad.length} are this run's own doing`;
  });
}
