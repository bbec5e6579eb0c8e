import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { assert } from 'vitest';
import { EVENT_TYPES } from '../../contract/event.ts';
import { readSample } from '../../tools/ops/delivery.ts';
import { claim } from './claim.ts';
import { compare, type Sent } from './compare.ts';
import type { Deployment } from './deployments.ts';
import { failOnMainQueue } from './queues.ts';
import {
  accept,
  answers,
  deploy,
  doctor,
  inTime,
  keys,
  newEvent,
  outputs,
  physicalId,
  send,
  take,
  tool,
} from './stage.ts';

const DOCS = 'docs/runbook.md#change-a-stages-options';
/** Between two deliveries during a deployment. */
const PAUSE_MS = 2_000;
/** Less than a message of SQS may have; with its envelope about what an event of EventBridge may have. */
const LARGE = 900 * 1024;
const ARRIVAL_MS = 180_000;

const busEvent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    source: v.literal('veriff'),
    'detail-type': v.picklist(EVENT_TYPES),
    detail: v.object({ eventId: v.string(), attributes: v.unknown(), payload: v.looseObject({}) }),
  }),
);

/** Deploys, and sends all the while: what was accepted, and how many were not. */
async function change(name: Deployment) {
  const tried: (Sent | undefined)[] = [];
  let isDone = false;
  const sending = async () => {
    for (; !isDone; await sleep(PAUSE_MS)) tried.push(await accept(keys.second).catch(() => undefined));
  };
  const deploying = deploy(name).finally(() => {
    isDone = true;
  });
  await Promise.all([deploying, sending()]);
  const sent = tried.filter((one) => one !== undefined);
  return { sent, others: tried.length - sent.length };
}

/** What CloudFormation made of the queues' encryption. */
function claimEncryption(title: string, way: RegExp): void {
  claim(title, { docs: DOCS, isOfAws: true }, async () => {
    const found = (await doctor()).find(({ what }) => what.startsWith('Encryption'));
    assert(found?.kind === 'good' && way.test(found.what), found?.what ?? 'the doctor did not get so far');
    return found.what;
  });
}

/** Options are changed with messages on all queues, and with deliveries while it happens. */
export function claimChanges(): void {
  claim(
    'A change of key, tracing, limits, log retention, grace period and dashboard loses no event.',
    { docs: DOCS, isNeeded: true },
    async () => {
      await accept(keys.second);
      await failOnMainQueue();
      await send(await readSample('unfamiliar-event-type'), keys.second);
      const { sent, others } = await change('changed');
      const words = compare(sent, await take(outputs().QueueUrl, sent.length), others);
      return `${words}; ${others} not accepted meanwhile`;
    },
  );
  claimEncryption("CloudFormation turns SQS's encryption into that by a KMS key.", /by the key /);
}

/** Queues are replaced, and a pipe drains the new ones onto a bus. */
export function claimReplacements(): void {
  let onBus: readonly Sent[] = [];
  claim(
    'With fifo the queues are replaced, and "npm run replay -- --from" moves what lies on the old ones.',
    { docs: 'docs/runbook.md#events-on-an-old-queue', isNeeded: true },
    async () => {
      const { QueueUrl, DeadLetterQueueUrl, QuarantineQueueUrl } = outputs();
      const { sent, others } = await change('fifo');
      for (const url of [QueueUrl, DeadLetterQueueUrl, QuarantineQueueUrl]) {
        await tool('replay', ['--from', url, '--apply']);
      }
      const found = await take(outputs().QueueUrl, sent.length + 1);
      const own = found.filter(({ eventId }) => sent.some((one) => one.eventId === eventId));
      const aside = await take(outputs().QuarantineQueueUrl, 1);
      const seen = `${compare(sent, own)}; ${found.length - own.length} of 1 dead letters and ${aside.length} of 1 in quarantine moved; ${others} not accepted meanwhile`;
      const more = found.length - sent.length;
      assert(more >= 1 && more <= 1 + others && aside.length === 1, seen);
      return seen;
    },
  );
  claim(
    "A stage gets an event bus and an allow list, and AWS's own key again.",
    { docs: 'docs/configuration.md#options, eventBus, allowedSources, kmsKeyArn', isNeeded: true },
    async () => {
      const large = await accept(keys.second, await newEvent({ vendorData: 'x'.repeat(LARGE) }));
      const { sent } = await change('bus');
      onBus = [large, ...sent];
      return `deployed; ${onBus.length} accepted until the allow list was on`;
    },
  );
  claim(
    'What comes from an address outside the allow list gets 403.',
    { docs: 'README.md, the table of answers' },
    () => answers(403, keys.second, 30_000),
  );
  claim(
    'The pipe puts every message on the bus, by its event type, with eventId, attributes and payload, those of 900 KiB too.',
    { docs: 'docs/configuration.md#options, eventBus', isOfAws: true },
    async () => {
      const listener = await physicalId('AWS::SQS::Queue', /^Listener/);
      const heard = await take(listener, onBus.length, inTime(ARRIVAL_MS));
      const events = heard.map(({ original }) => v.safeParse(busEvent, original.body));
      const ids = new Set(events.flatMap(({ success, output }) => (success ? [output.detail.eventId] : [])));
      const missing = onBus.filter(({ eventId }) => !ids.has(eventId));
      const large = missing.some(({ body }) => body.length > LARGE) ? 'not' : 'too';
      const seen = `${onBus.length - missing.length} of ${onBus.length} heard; the one of 900 KiB ${large}`;
      assert(missing.length === 0, seen);
      return seen;
    },
  );
  claimEncryption("CloudFormation turns encryption by a KMS key into SQS's own again.", /by SQS$/);
}
