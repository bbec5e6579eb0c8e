import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import {
  type Answer,
  buildDelivery,
  DEFAULT_SAMPLE,
  type Overrides,
  override,
  post,
  readSample,
} from '../../ops/delivery.ts';
import { resourcesOf } from '../../ops/doctor/resources.ts';
import { asNewEvent } from '../../ops/new-event.ts';
import { type Entry, toEntry } from '../../ops/replay/entry.ts';
import { sqsClient } from '../../ops/sqs-client.ts';
import { findStack, type Stack } from '../../ops/stack.ts';
import type { Sent } from './compare.ts';
import { run } from './program.ts';
import { type Deployment, STACK } from './stages.ts';
import { hold } from './step.ts';

const POLL_MS = 3_000;
const EMULATED_MS = 5_000;
/** SQS answers a long poll after so many seconds when nothing comes. */
const WAIT_S = 3;

const accepted = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ status: v.literal('accepted'), eventId: v.string() }),
);

export type Bench = ReturnType<typeof createBench>;

/** The deployed stage, and what the steps do with it. */
export function createBench(signal: AbortSignal, isEmulated: boolean) {
  const sqs = sqsClient();
  /** In every event; no log may have it. */
  const marker = randomUUID();
  let stack: Stack | undefined;

  /** Deploys the stage with other options, as the README says. */
  async function deploy(VERIFY: Deployment): Promise<void> {
    const app = `"${process.execPath}" tools/proof/verify/app.ts`;
    const flags = ['--output', 'cdk.out/verify', '--require-approval', 'never', '--ci'];
    const env = { VERIFY, AWS_REGION: String(await sqs.config.region()) };
    await run('node_modules/aws-cdk/bin/cdk', ['deploy', '--app', app, ...flags], { signal, env });
    stack = await findStack({ name: STACK });
  }

  function deployed(): Stack {
    if (stack === undefined) throw new Error('expected a deployed stage, got none');
    return stack;
  }

  /** What a resource of the stack is called in AWS. */
  async function physicalId(type: string, logicalId: RegExp): Promise<string> {
    const resource = (await resourcesOf(STACK)).find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === type && logicalId.test(LogicalResourceId),
    );
    if (resource?.PhysicalResourceId !== undefined) return resource.PhysicalResourceId;
    throw new Error(`expected a resource ${logicalId.source} of the type ${type}, got none`);
  }

  /** Runs another tool of this project for the stage. */
  function tool(file: 'secret.ts' | 'replay.ts', args: readonly string[], input?: string): Promise<string> {
    return run(`tools/ops/${file}`, ['--stack', STACK, ...args], {
      signal,
      ...(input !== undefined && { input }),
    });
  }

  function send(body: Uint8Array<ArrayBuffer>, secret?: string): Promise<Answer> {
    return post(new URL(deployed().outputs.WebhookUrl), buildDelivery(body, { secret }));
  }

  /** An event that no other is. */
  async function newEvent(overrides: Overrides = {}): Promise<Uint8Array<ArrayBuffer>> {
    return override(asNewEvent(await readSample(DEFAULT_SAMPLE)), { vendorData: marker, ...overrides });
  }

  /** @throws RefutedError when the event is not accepted */
  async function accept(secret: string, event?: Uint8Array<ArrayBuffer>): Promise<Sent> {
    const body = event ?? (await newEvent());
    const answer = await send(body, secret);
    const said = v.safeParse(accepted, answer.body);
    hold(answer.status === 200 && said.success, `answered ${inWords(answer)}`);
    return { eventId: said.output.eventId, body: new TextDecoder().decode(body) };
  }

  /** Takes all that is on a queue, and waits for so many messages if need be. */
  async function take(QueueUrl: string, atLeast = 0, limitMs = 60_000): Promise<readonly Entry[]> {
    const taken = new Map<string, Entry>();
    for (const endsAt = Date.now() + limitMs; ; ) {
      signal.throwIfAborted();
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['SentTimestamp', 'AWSTraceHeader'],
          WaitTimeSeconds: WAIT_S,
        }),
      );
      for (const message of Messages) {
        const entry = toEntry(message);
        taken.set(entry.id, entry);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      }
      if (Messages.length === 0 && (taken.size >= atLeast || Date.now() >= endsAt))
        return [...taken.values()];
    }
  }

  /** How long to wait for what AWS does in its own time: an emulated account does it at once or never. */
  const inTime = (limitMs: number) => (isEmulated ? EMULATED_MS : limitMs);

  /** Looks until it is there; the last that was seen when the time is over. */
  async function until<T>(
    look: () => Promise<T>,
    isThere: (seen: T) => boolean,
    limitMs: number,
  ): Promise<T> {
    for (const endsAt = Date.now() + limitMs; ; ) {
      const seen = await look();
      if (isThere(seen) || Date.now() >= endsAt) return seen;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  return {
    startedAt: Date.now(),
    sqs,
    marker,
    /** Keys as Veriff makes them. */
    keys: { first: randomUUID(), second: randomUUID() },
    deploy,
    deployed,
    physicalId,
    tool,
    send,
    newEvent,
    accept,
    take,
    until,
    inTime,
  };
}

export function inWords({ status, body, ms }: Answer): string {
  return `${status} ${body.slice(0, 200)} in ${ms.toFixed(0)} ms`;
}
