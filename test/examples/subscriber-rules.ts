import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { fileName } from '../../contract/build/names.ts';
import { EVENT_TYPES } from '../../contract/event.ts';
import type { LocalStack } from '../../tools/local/stack.ts';
import { deliver } from '../support/delivering.ts';
import { sqsClient } from '../support/quarantine.ts';
import { sample } from '../support/samples.ts';
import { sampleWith } from '../support/webhook.ts';

/** What a subscriber holds of an attempt: the current status, and how many there are. */
export interface Held {
  readonly statusCode: string;
  readonly createdAt: string;
  readonly count: number;
}

/** A subscriber that drains the queue of a local stack. */
export interface Subject {
  readonly stack: LocalStack;
  held(attemptId: string): Held | undefined;
  /** The messages that it failed on, one entry a try. */
  failures(): readonly string[];
}

const PATIENCE = { timeout: 40_000, interval: 100 };

interface Status {
  readonly attemptId: string;
  readonly statusCode: string;
  readonly createdAt: string;
  readonly time?: string;
}

/** Sends a status to the webhook, as Veriff would. */
export async function post(stack: LocalStack, { attemptId, statusCode, createdAt, time }: Status) {
  const { status } = await deliver(stack.url, {
    body: sampleWith((payload) => {
      payload.attemptId = attemptId;
      payload.time = time ?? payload.time;
      Object.assign(payload.data.verification.userDefinedData, { statusCode, createdAt });
    }),
  });
  expect(status).toBe(200);
}

/** Puts a message on the queue that no subscriber can handle; the receiver would never. */
async function putPoison(stack: LocalStack): Promise<string> {
  const sqs = sqsClient(stack);
  const { url } = stack.queues.main;
  const fifo = url.endsWith('.fifo') && { MessageGroupId: 'poison', MessageDeduplicationId: 'poison' };
  const message = new SendMessageCommand({ QueueUrl: url, MessageBody: 'not a status', ...fifo });
  const { MessageId = '' } = await sqs.send(message);
  sqs.destroy();
  return MessageId;
}

export async function untilDrained({ stack }: Pick<Subject, 'stack'>): Promise<void> {
  await expect.poll(() => stack.sqs.depth(stack.queues.main.name), PATIENCE).toBe(0);
}

/** The rules that each subscriber of this repository shows. */
export function itFollowsTheRules(subject: () => Subject): void {
  it('moves a poison message to the dead-letter queue after five tries, and goes on meanwhile', async () => {
    const { stack, held, failures } = subject();
    const attemptId = randomUUID();
    const poison = await putPoison(stack);
    await post(stack, { attemptId, statusCode: 'good', createdAt: '2026-01-31T10:00:00Z' });

    await expect.poll(() => held(attemptId)?.statusCode, PATIENCE).toBe('good');
    await expect.poll(() => stack.sqs.depth(stack.queues.deadLetter.name), PATIENCE).toBe(1);
    const { messages } = await stack.sqs.inspect(stack.queues.deadLetter.name);
    expect(messages.ready).toMatchObject([{ messageId: poison, body: 'not a status' }]);
    expect(failures().filter((messageId) => messageId === poison)).toHaveLength(5);
    await untilDrained({ stack });
  });

  it.each(EVENT_TYPES)('takes each event type of the contract: %s', async (type) => {
    const { stack, failures } = subject();
    const before = failures().length;
    const { status } = await deliver(stack.url, { body: sample(fileName(type)).body });
    expect(status).toBe(200);
    await untilDrained({ stack });
    expect(failures().slice(before)).toEqual([]);
  });

  it('gives a duplicate no second effect', async () => {
    const { stack, held } = subject();
    const attemptId = randomUUID();
    const status = { attemptId, statusCode: 'once', createdAt: '2026-01-31T10:00:00Z' };
    await post(stack, status);
    await post(stack, status);
    await untilDrained({ stack });
    await post(stack, { ...status, time: '2026-01-31T11:00:00Z' });
    await untilDrained({ stack });

    expect(held(attemptId)).toEqual({ statusCode: 'once', createdAt: status.createdAt, count: 1 });
  });

  it('keeps every status, and the newest as the current one whatever comes last, to the microsecond and across offsets', async () => {
    const { stack, held } = subject();
    const attemptId = randomUUID();
    const newer = { attemptId, statusCode: 'newer', createdAt: '2026-01-31T10:00:00.000002Z' };
    await post(stack, newer);
    await untilDrained({ stack });
    await post(stack, { attemptId, statusCode: 'older', createdAt: '2026-01-31T12:00:00.000001+02:00' });
    await untilDrained({ stack });
    expect(held(attemptId)).toEqual({ statusCode: 'newer', createdAt: newer.createdAt, count: 2 });

    await post(stack, { attemptId, statusCode: 'newest', createdAt: '2026-01-31T09:00:00.000003-01:00' });
    await expect.poll(() => held(attemptId), PATIENCE).toMatchObject({ statusCode: 'newest', count: 3 });
  });
}
