import { inject } from 'vitest';
import { type FaultyStack, startFaultyStack } from '../../tools/proof/faulty-stack.ts';
import { SECRET, sampleWith, webhook } from '../support/webhook.ts';

/** The promise to Veriff, which waits about 5 s. */
export const ANSWER_WITHIN_MS = 4_000;

export interface Rig {
  readonly stack: FaultyStack;
  /** Sends an event of its own, signed with this key. */
  deliver(secret?: string): Promise<Answer>;
  /** The ids of the events that were answered with 200. */
  readonly acknowledged: readonly string[];
  /** The ids on the main queue, each once. */
  stored(): Promise<readonly string[]>;
}

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** As API Gateway measured it, without the start of an environment: how long that takes is up to the machine. */
  readonly ms: number;
  /** The process that answered. */
  readonly environment: string | undefined;
}

/** Runs a test with a stack of its own, one environment in it. */
export async function withRig(act: (rig: Rig) => Promise<void>): Promise<void> {
  const exchanges = new Map<string, { ms: number; environment?: string }>();
  const acknowledged: string[] = [];
  let events = 0;
  const stack = await startFaultyStack({
    assemblyDir: inject('assemblyDir'),
    secret: SECRET,
    maxEnvironments: 1,
    onDelivery: (record) => exchanges.set(record.requestId, record),
  });
  const deliver = async (secret = SECRET): Promise<Answer> => {
    events += 1;
    const { body, headers } = webhook({
      secret,
      body: sampleWith((payload) => {
        payload.sessionId = `session-${events}`;
      }),
    });
    const response = await fetch(stack.url, { method: 'POST', body: Buffer.from(body), headers });
    const { eventId }: { eventId?: string } = JSON.parse(await response.text());
    if (response.status === 200) acknowledged.push(eventId ?? 'no eventId in the answer');
    const exchange = exchanges.get(response.headers.get('apigw-requestid') ?? '');
    const environment = stack.function.environments().find(({ id }) => id === exchange?.environment);
    const startMs = environment?.invocations === 1 ? (environment.initMs ?? 0) : 0;
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      ms: (exchange?.ms ?? Number.NaN) - startMs,
      environment: exchange?.environment,
    };
  };
  const stored = async () => {
    const { messages } = await stack.sqs.inspect(stack.queues.main.name);
    const ids = messages.ready.map(({ messageAttributes }) => messageAttributes.eventId?.StringValue ?? '');
    return [...new Set(ids)];
  };
  try {
    await act({ stack, deliver, acknowledged, stored });
  } finally {
    await stack.stop();
  }
}
