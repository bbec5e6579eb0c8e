import { inject } from 'vitest';
import type { DeliveryRecord } from '../../tools/local/delivery-record.ts';
import { deliver } from '../support/delivering.ts';
import { startFaultyStack } from '../support/faulty-stack.ts';
import { lying } from '../support/quarantine.ts';
import { SECRET, sampleWith } from '../support/webhook.ts';

/** The promise to Veriff, which waits about 5 s. */
export const ANSWER_WITHIN_MS = 4_000;

export type Rig = Awaited<ReturnType<typeof startRig>>;
export type Answer = Awaited<ReturnType<Rig['deliver']>>;

/** Runs a test with a stack of its own, one environment in it. */
export async function withRig(act: (rig: Rig) => Promise<void>): Promise<void> {
  const rig = await startRig();
  await act(rig).finally(rig.stack.stop);
}

async function startRig() {
  const records = new Map<string, DeliveryRecord>();
  const acknowledged: string[] = [];
  let events = 0;
  const stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: SECRET,
    maxEnvironments: 1,
    onDelivery: (record) => records.set(record.requestId, record),
  });
  return {
    stack,
    /** The ids of the events that were answered with 200. */
    acknowledged,
    /** Sends an event of its own, signed with this key. */
    async deliver(secret = SECRET) {
      events += 1;
      const body = sampleWith((payload) => {
        payload.sessionId = `session-${events}`;
      });
      const { status, headers, text } = await deliver(stack.url, { secret, body });
      if (status === 200) acknowledged.push(String(JSON.parse(text).eventId));
      const record = records.get(headers.get('apigw-requestid') ?? '');
      return {
        status,
        retryAfter: headers.get('retry-after'),
        /** As API Gateway measured it, without the start of an environment: how long that takes is up to the machine. */
        ms: (record?.ms ?? Number.NaN) - (record?.coldStartMs ?? 0),
        /** The process that answered. */
        environment: record?.environment,
      };
    },
    /** The ids on the main queue, each once. */
    async stored() {
      const { ready } = await lying(stack, 'main');
      return [...new Set(ready.map(({ attributes }) => attributes.eventId))];
    },
  };
}
