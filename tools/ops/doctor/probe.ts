import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROBE_EVENT_TYPE } from '../../../functions/receiver/own-tools.ts';
import { type Answer, buildDelivery, post } from '../delivery.ts';
import { type OpenQueue, openQueue } from '../open-queue.ts';
import { type Entry, isLeftOver, toEntry } from '../replay/entry.ts';
import { revertDrift, type Stack } from '../stack.ts';
import { bad, type Examination, type Finding, good, unchecked } from './finding.ts';

/** Within it a queue that may not be received from says so. */
const DENIAL_MS = 1_000;
/** From the answer until it must have been received. */
const ARRIVAL_MS = 20_000;

/** Sends a signed probe the way of every delivery, as far as a queue, and takes it away again. */
export async function checkProbe(examination: Examination, arrivalMs = ARRIVAL_MS): Promise<void> {
  const { stack, inUse, isWebhookWell, queues, report, signal } = examination;
  const { WebhookUrl, QuarantineQueueUrl } = stack.outputs;
  if (inUse === undefined) return;
  if (isWebhookWell !== true || !queues.some(({ url }) => url === QuarantineQueueUrl)) {
    return report(unchecked('Probe: not checked, it needs the webhook and the quarantine queue'));
  }
  const probe = { eventType: PROBE_EVENT_TYPE, probe: randomUUID() };
  const body = new TextEncoder().encode(JSON.stringify(probe));
  /** The probe was caught, or none is to be expected any more. */
  const end = new AbortController();
  const ended = AbortSignal.any([end.signal, signal]);
  const send = async () => {
    try {
      const answer = await post(new URL(WebhookUrl), buildDelivery(body, { secret: inUse.key.secret }));
      if (answer.status === 200) await sleep(arrivalMs, undefined, { signal: ended }).catch(() => {});
      return answer;
    } finally {
      end.abort();
    }
  };
  // Received from before it is sent, so that it never lies there long enough to be counted.
  const queue = openQueue(stack.sqs, QuarantineQueueUrl);
  const isProbe = ({ delivery }: Entry) => Buffer.from(body).equals(delivery.body);
  const caught = catchProbe(queue, isProbe, ended).finally(() => end.abort());
  // A probe that could not be taken away again would stay there, and set off the alarm.
  await Promise.race([caught, sleep(DENIAL_MS, undefined, { signal: ended }).catch(() => {})]);
  const [catchResult, answer] = await Promise.all([caught, ended.aborted ? undefined : send()]);
  if (answer !== undefined && !signal.aborted) report(judge(answer, catchResult, stack));
}

/** `missing`: it is not on the queue. `out of reach`: not all that lies there could be received in time. */
type Catch = 'caught' | 'missing' | 'out of reach';

/** Receives until the probe comes, and removes it, as well as what an interrupted run left behind. */
async function catchProbe(
  queue: OpenQueue,
  isProbe: (entry: Entry) => boolean,
  ended: AbortSignal,
): Promise<Catch> {
  let isAllSeen = false;
  try {
    while (!ended.aborted) {
      for await (const messages of queue.batches(ended, Number.POSITIVE_INFINITY)) {
        const entries = messages.map(toEntry);
        const own = entries.filter(isProbe);
        const leftOver = entries.filter((entry) => isLeftOver(entry));
        const failures = await queue.remove([...own, ...leftOver].map(({ id }) => id));
        const why = own.flatMap(({ id }) => failures.get(id) ?? []);
        if (why.length > 0) throw new Error(`it was caught and not removed, SQS gave ${why.join(', ')}`);
        if (own.length > 0) return 'caught';
      }
      isAllSeen ||= !ended.aborted;
    }
    return isAllSeen ? 'missing' : 'out of reach';
  } finally {
    await queue.release();
  }
}

function judge({ status, ms }: Answer, catchResult: Catch, stack: Stack): Finding {
  if (status === 401) {
    return bad(
      'Probe: refused, although it was signed with the stored secret',
      `run it again in a minute, a secret that was just stored may not be in use yet; if it stays so, the function reads another secret: ${revertDrift(stack)}`,
    );
  }
  if (status === 403) {
    return unchecked('Probe: not checked, this machine is not on the allow list; run it on one that is');
  }
  if (status !== 200) {
    const todo =
      status >= 500 ? 'see docs/runbook.md#deliveries-are-unavailable' : 'run it again in a minute';
    return bad(`Probe: answered ${status}`, todo);
  }
  switch (catchResult) {
    case 'caught':
      return good(
        `Probe: signed, verified, put on a queue, and removed again; answered in ${ms.toFixed(0)} ms`,
      );
    case 'out of reach':
      return unchecked(
        `Probe: taken, but not found in time among the many messages in quarantine; the next replay removes it, see docs/runbook.md#events-in-quarantine`,
      );
    case 'missing':
      return bad(
        'Probe: taken, but not found on the quarantine queue',
        `run it again; if it stays so, the function writes to another queue: ${revertDrift(stack)}`,
      );
  }
}
