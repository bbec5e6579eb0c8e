import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sqsClient } from '../sqs-client.ts';
import { findStack, type Stack, type Target } from '../stack.ts';
import { targetFlags } from '../target.ts';
import { judgeAlarms, readWatch } from './alarms.ts';
import { checkMessages, judgeDeliveries, latestDeliveries } from './deliveries.ts';
import { checkEncryption } from './encryption.ts';
import { type Finding, faultOf, good, sectionOf, surely, tried, unchecked } from './finding.ts';
import { checkProbe } from './probe.ts';
import { checkDeadLetters, checkQuarantine, checkQueue } from './queues.ts';
import { checkSecret } from './secret.ts';
import { testAlarm } from './test-alarm.ts';
import { judgeClock, judgeWebhook, knock } from './webhook.ts';

/** What an alarm says, too, when the secret can't be used. */
const SAID_BY_SECRET = ['the-secret-is-the-placeholder', 'deliveries-are-unavailable'];

/** Checks everything; what was said before is not said again by an alarm that fires for it. */
export async function* examine(target: Target, options: { testAlarm: boolean }): AsyncGenerator<Finding> {
  const found = await tried('Stack', () => findStack(target));
  if (!found.ok) return yield found.fault;
  const stack = found.value;
  yield good(`Stack: ${stack.name}, with all its outputs`);

  const said = new Set<string>();
  for await (const finding of examineReceiver(target, stack)) {
    if (finding.kind === 'bad') {
      said.add(sectionOf(finding.todo) ?? '');
      if (finding.what.startsWith('Secret')) for (const section of SAID_BY_SECRET) said.add(section);
    }
    yield finding;
  }

  const watch = await tried('Alarms', () => readWatch(target, stack));
  if (!watch.ok) return yield watch.fault;
  yield* judgeAlarms(watch.value, said);
  if (!options.testAlarm) return;
  try {
    yield* testAlarm(watch.value);
  } catch (error) {
    yield faultOf('Test alarm', error);
  }
}

/** In the order in which one check needs the other; what can't be checked because of a fault before says so. */
async function* examineReceiver(target: Target, stack: Stack): AsyncGenerator<Finding> {
  const flags = targetFlags(target);
  const sqs = sqsClient(stack.sqs);
  const secretsManager = new SecretsManagerClient({ ...stack.secretsManager });
  const url = new URL(stack.outputs.WebhookUrl);

  const secret = await tried('Secret', () => checkSecret(secretsManager, stack, flags));
  yield secret.ok ? secret.value.finding : secret.fault;
  const inUse = secret.ok ? secret.value.inUse : undefined;

  const answered = await tried('Webhook', () => knock(url));
  const webhook = answered.ok ? judgeWebhook(url, answered.value, stack.name) : answered.fault;
  yield webhook;
  if (answered.ok) yield judgeClock(answered.value);

  // Before the probe, so that it is not among what is counted.
  yield surely('Queue', () => checkQueue(sqs, stack));
  const quarantine = await tried('Quarantine', () => checkQuarantine(sqs, stack, flags));
  yield quarantine.ok ? quarantine.value.finding : quarantine.fault;
  yield surely('Dead letters', () => checkDeadLetters(sqs, stack));

  if (inUse === undefined) {
    yield unchecked('Deliveries and probe: not checked, they need the secret');
  } else {
    const { version, key } = inUse;
    yield surely('Deliveries', async () =>
      judgeDeliveries(await latestDeliveries(target, stack), version.createdAt),
    );
    const isPossible = webhook.kind === 'good' && quarantine.ok && quarantine.value.isThere;
    yield isPossible
      ? surely('Probe', () => checkProbe(sqs, stack, key))
      : unchecked('Probe: not checked, it needs the webhook and the quarantine queue');
  }

  if (!('name' in target)) return;
  yield surely('Messages', () => checkMessages(stack));
  yield surely('Encryption', () => checkEncryption(sqs, stack));
}
