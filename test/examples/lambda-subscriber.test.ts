import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createHandler } from '../../examples/lambda-subscriber/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { SECRET } from '../support/webhook.ts';
import { startEventSourceMapping } from './event-source-mapping.ts';
import { MemoryPersistence, memoryStatuses } from './memory-stores.ts';
import { itFollowsTheRules, post, untilDrained } from './subscriber-rules.ts';

describe.each(['standard', 'fifo'] as const)('the Lambda subscriber on a %s queue', (mode) => {
  const { statuses, latest } = memoryStatuses();
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
      statuses,
      idempotency: new MemoryPersistence(),
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

  const changesOf = (attemptId: string) => actions.filter((id) => id === attemptId).length;

  itFollowsTheRules(() => ({
    stack,
    held(attemptId) {
      const held = latest.get(attemptId);
      const changes = changesOf(attemptId);
      return held && { statusCode: held.statusCode, createdAt: held.createdAt, changes };
    },
    failures: () => failures,
  }));

  it('acts on a status on a later try when it failed after the status was kept', async () => {
    const attemptId = randomUUID();
    failing.add(attemptId);
    await post(stack, { attemptId, statusCode: 'again', createdAt: '2026-01-31T10:00:00Z' });
    await expect.poll(() => changesOf(attemptId), { timeout: 60_000 }).toBe(1);
    await untilDrained({ stack });
  });
});
