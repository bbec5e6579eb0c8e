import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createHandler } from '../../examples/lambda-subscriber/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { SECRET } from '../support/webhook.ts';
import { startEventSourceMapping } from './event-source-mapping.ts';
import { MemoryPersistence, memoryStatuses } from './memory-stores.ts';
import { itFollowsTheRules, post, untilDrained } from './subscriber-rules.ts';

describe.each(['standard', 'fifo'] as const)('the Lambda subscriber on a %s queue', (mode) => {
  const memory = memoryStatuses();
  const idempotency = new MemoryPersistence();
  const actions: string[] = [];
  const failures: string[] = [];
  /** The attempts whose next status can't be acted on. */
  const failing = new Set<string>();
  let stack: LocalStack;
  let mapping: ReturnType<typeof startEventSourceMapping>;

  beforeAll(async () => {
    stack = await startLocalStack({
      assemblyDir: inject(mode === 'fifo' ? 'fifoAssemblyDir' : 'assemblyDir'),
      secret: SECRET,
    });
    const handler = createHandler({
      statuses: memory.statuses,
      idempotency,
      async act({ attemptId }) {
        if (failing.delete(attemptId)) throw new Error('busy');
        actions.push(attemptId);
      },
      onFailure: (messageId) => failures.push(messageId),
    });
    mapping = startEventSourceMapping(stack, handler);
  });
  afterAll(async () => {
    await mapping?.stop();
    await stack?.stop();
  });

  const actionsFor = (attemptId: string) => actions.filter((id) => id === attemptId).length;

  itFollowsTheRules(() => ({
    stack,
    held: memory.of,
    failures: () => failures,
  }));

  it('acts on a status on a later try when it failed after the status was kept', async () => {
    const attemptId = randomUUID();
    failing.add(attemptId);
    await post(stack, { attemptId, statusCode: 'again', createdAt: '2026-01-31T10:00:00Z' });
    await expect.poll(() => actionsFor(attemptId), { timeout: 60_000 }).toBe(1);
    await untilDrained({ stack });
  });

  it('acts once on each status, older ones too, and not again when the lock has expired', async () => {
    const attemptId = randomUUID();
    const newer = { attemptId, statusCode: 'newer', createdAt: '2026-01-31T10:00:00Z' };
    await post(stack, newer);
    await untilDrained({ stack });
    await post(stack, { attemptId, statusCode: 'older', createdAt: '2026-01-31T09:00:00Z' });
    await untilDrained({ stack });
    expect(actionsFor(attemptId)).toBe(2);
    idempotency.expire();
    await post(stack, { ...newer, time: '2026-03-31T10:00:00Z' });
    await untilDrained({ stack });
    expect(actionsFor(attemptId)).toBe(2);
  });
});
