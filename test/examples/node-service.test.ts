import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createService } from '../../examples/node-service/service.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { sqsClient } from '../support/quarantine.ts';
import { SECRET } from '../support/webhook.ts';
import { type Program, startProgram } from './program.ts';
import { itFollowsTheRules, post } from './subscriber-rules.ts';

const MAIN = fileURLToPath(new URL('../../examples/node-service/main.ts', import.meta.url));

describe('the Node service', () => {
  let program: Program;
  beforeAll(async () => {
    // tsx finds the contract's source by the name of its package: nothing is built here.
    const command = [process.execPath, '--import', 'tsx', MAIN] as const;
    program = await startProgram(command, { assemblyDir: inject('assemblyDir') });
  });
  afterAll(() => program?.stop());

  itFollowsTheRules(() => program);

  it('ends with 0 after SIGTERM', async () => {
    expect(await program.terminate()).toBe(0);
    expect(program.outcomes().at(-1)).toBe('stopped');
  });
});

describe('the Node service when it is told to stop', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), secret: SECRET });
  });
  afterAll(() => stack?.stop());

  it('finishes and deletes the message in hand, and receives nothing more', async () => {
    const inHand = Promise.withResolvers<void>();
    const mayFinish = Promise.withResolvers<void>();
    const handled: string[] = [];
    const sqs = sqsClient(stack);
    const service = createService({
      sqs,
      queueUrl: stack.queues.main.url,
      async handle({ event }) {
        inHand.resolve();
        await mayFinish.promise;
        handled.push(event.attemptId);
      },
      onFailure: (error) => {
        throw error;
      },
    });
    const first = randomUUID();
    await post(stack, { attemptId: first, statusCode: 'first', createdAt: '2026-01-31T10:00:00Z' });
    service.start();
    await inHand.promise;

    const stopped = service.stop();
    await post(stack, { attemptId: randomUUID(), statusCode: 'second', createdAt: '2026-01-31T10:00:00Z' });
    mayFinish.resolve();
    await stopped;
    sqs.destroy();

    expect(handled).toEqual([first]);
    expect(await stack.sqs.depth(stack.queues.main.name)).toBe(1);
  });
});
