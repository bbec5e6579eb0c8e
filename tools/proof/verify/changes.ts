import { setTimeout as sleep } from 'node:timers/promises';
import { readSample } from '../../ops/delivery.ts';
import { checkEncryption } from '../../ops/doctor/encryption.ts';
import type { Bench } from './bench.ts';
import { compare, type Sent } from './compare.ts';
import { failOnMainQueue } from './queues.ts';
import type { Deployment } from './stages.ts';
import { hold, type Step } from './step.ts';

const DOCS = 'docs/runbook.md#change-a-stages-options';
/** Between two deliveries during a deployment. */
const PAUSE_MS = 2_000;

/** Deploys, and sends all the while: what was accepted before it and meanwhile, and how many were not. */
export async function change({ accept, deploy, keys }: Bench, name: Deployment) {
  const sent: Sent[] = [];
  let others = 0;
  const sendOne = () =>
    accept(keys.second).then(
      (one) => sent.push(one),
      () => {
        others += 1;
      },
    );
  for (let count = 0; count < 3; count += 1) await sendOne();
  let isDone = false;
  const sending = async () => {
    while (!isDone) {
      await sleep(PAUSE_MS);
      await sendOne();
    }
  };
  const deploying = deploy(name).finally(() => {
    isDone = true;
  });
  await Promise.all([deploying, sending()]);
  return { sent, others };
}

/** What CloudFormation made of the queues' encryption. */
export function encryptionStep({ sqs, deployed }: Bench, claim: string, way: RegExp): Step {
  return {
    claim,
    docs: DOCS,
    isOfAws: true,
    run: async () => {
      const { kind, what } = await checkEncryption(sqs, deployed());
      hold(kind === 'good' && way.test(what), what);
      return what;
    },
  };
}

/** Options are changed with messages on all queues, and with deliveries while it happens. */
export function changeSteps(bench: Bench): { readonly options: Step; readonly fifo: Step } {
  const { keys, accept, send, take, tool, deployed } = bench;
  const outputs = () => deployed().outputs;

  const options: Step = {
    claim: 'A change of key, tracing, limits, log retention, grace period and dashboard loses no event.',
    docs: DOCS,
    isNeeded: true,
    run: async () => {
      await accept(keys.second);
      await failOnMainQueue(bench);
      await send(await readSample('unfamiliar-event-type'), keys.second);
      const { sent, others } = await change(bench, 'changed');
      const { isSame, words } = compare(sent, await take(outputs().QueueUrl, sent.length));
      hold(isSame, words);
      return `${words}; ${others} not accepted meanwhile`;
    },
  };

  const fifo: Step = {
    claim:
      'With fifo the queues are replaced, and "npm run replay -- --from" moves what lies on the old ones.',
    docs: 'docs/runbook.md#events-on-an-old-queue',
    isNeeded: true,
    run: async () => {
      const { QueueUrl, DeadLetterQueueUrl, QuarantineQueueUrl } = outputs();
      const { sent, others } = await change(bench, 'fifo');
      for (const url of [QueueUrl, DeadLetterQueueUrl, QuarantineQueueUrl]) {
        await tool('replay.ts', ['--from', url, '--apply']);
      }
      const found = await take(outputs().QueueUrl, sent.length + 1);
      const ids = new Set(sent.map(({ eventId }) => eventId));
      const own = found.filter(({ eventId = '' }) => ids.has(eventId));
      const { isSame, words } = compare(sent, own);
      const moved = `${found.length - own.length} of 1 dead letters, ${(await take(outputs().QuarantineQueueUrl, 1)).length} of 1 in quarantine`;
      const seen = `${words}; ${moved} moved; ${others} not accepted meanwhile`;
      hold(isSame && moved === '1 of 1 dead letters, 1 of 1 in quarantine', seen);
      return seen;
    },
  };
  return { options, fifo };
}
