import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { findStack, type Target } from '../stack.ts';
import { targetFlags } from '../target.ts';
import { checkAlarms } from './alarms.ts';
import { judgeDeliveries, latestDeliveries } from './deliveries.ts';
import { type Finding, good, surely, tried, unchecked } from './finding.ts';
import { checkProbe } from './probe.ts';
import { checkDeadLetters, checkQuarantine, checkQueue } from './queues.ts';
import { checkSecret } from './secret.ts';
import { judgeClock, judgeWebhook, knock } from './webhook.ts';

/** Checks in the order in which one needs the other; what can't be checked because of a fault before says so. */
export async function* examine(target: Target): AsyncGenerator<Finding> {
  const flags = targetFlags(target);
  const found = await tried('Stack', () => findStack(target));
  if (!found.ok) return yield found.fault;
  const stack = found.value;
  yield good(`Stack: ${stack.name}, with all its outputs`);
  const sqs = new SQSClient({ ...stack.sqs, useQueueUrlAsEndpoint: false });
  const secretsManager = new SecretsManagerClient({ ...stack.secretsManager });
  const url = new URL(stack.outputs.WebhookUrl);

  const secret = await tried('Secret', () => checkSecret(secretsManager, stack, flags));
  yield secret.ok ? secret.value.finding : secret.fault;
  const inUse = secret.ok ? secret.value.inUse : undefined;

  const answered = await tried('Webhook', () => knock(url));
  const webhook = answered.ok ? judgeWebhook(url, answered.value) : answered.fault;
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

  const alarms = await tried('Alarms', () => checkAlarms(target));
  yield* alarms.ok ? alarms.value : [alarms.fault];
}
