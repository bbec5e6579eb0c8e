import { remedyFor, sentenceOf } from '../../cli/failure.ts';
import { findStack } from '../stack.ts';
import type { Target } from '../target.ts';
import { checkAlarms } from './alarms.ts';
import { checkDeliveries, checkMessages } from './deliveries.ts';
import { checkEncryption } from './encryption.ts';
import { bad, type Examination, type Finding, good, type Report, sectionOf, unchecked } from './finding.ts';
import { checkProbe } from './probe.ts';
import { checkQueue } from './queues.ts';
import { checkSecret } from './secret.ts';
import { testAlarm } from './test-alarm.ts';
import { checkWebhook } from './webhook.ts';

type Checks = Readonly<Record<string, (examination: Examination) => Promise<void> | void>>;

/** In the order in which one needs the other; what can't be checked because of a fault before says so. */
const checks: Checks = {
  Secret: checkSecret,
  Webhook: checkWebhook,
  // Before the probe, so that it is not among what is counted.
  Queue: (examination) => checkQueue(examination, 'Queue'),
  Quarantine: (examination) => checkQueue(examination, 'Quarantine'),
  'Dead letters': (examination) => checkQueue(examination, 'Dead letters'),
  Deliveries: checkDeliveries,
  Probe: checkProbe,
};
const checksInAws: Checks = { Messages: checkMessages, Encryption: checkEncryption, Alarms: checkAlarms };

export async function examine(
  target: Target,
  report: Report,
  { isAlarmTested = false, signal = new AbortController().signal } = {},
): Promise<void> {
  const stack = await tryCheck('Stack', report, () => findStack(target));
  if (stack === undefined) return;
  report(good(`Stack: ${stack.name}, with all its outputs`));

  const said = new Set<string>();
  const note = (finding: Finding) => {
    report(finding);
    if (finding.kind === 'bad') said.add(sectionOf(finding.todo) ?? '');
  };
  const examination = { stack, report: note, signal, said, queues: [] };
  const isInAws = 'name' in target;
  const wanted = {
    ...checks,
    ...(isInAws && checksInAws),
    ...(isAlarmTested && { 'Test alarm': testAlarm }),
  };
  for (const [name, check] of Object.entries(wanted)) {
    if (signal.aborted) return;
    await tryCheck(name, note, async () => check(examination));
  }
  if (!isInAws && !signal.aborted) report(unchecked('Alarms: not checked: alarms exist only in AWS'));
}

/** A check that could not be made is a fault, too: nobody knows whether all is well. */
async function tryCheck<T>(name: string, report: Report, check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    const todo = remedyFor(error) ?? 'mend that and run it again';
    report(bad(`${name}: could not be checked: ${sentenceOf(error)}`, todo));
    return undefined;
  }
}
