import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { sentenceOf } from '../../cli/failure.ts';
import {
  type Answer,
  buildDelivery,
  DEFAULT_SAMPLE,
  type Overrides,
  override,
  post,
  readSample,
} from '../../ops/delivery.ts';
import { examine } from '../../ops/doctor/examine.ts';
import type { Finding } from '../../ops/doctor/finding.ts';
import { resourcesOf } from '../../ops/doctor/resources.ts';
import { asNewEvent } from '../../ops/new-event.ts';
import { openQueue } from '../../ops/open-queue.ts';
import { type Entry, toEntry } from '../../ops/replay/entry.ts';
import { sqsClient } from '../../ops/sqs-client.ts';
import { findStack, type Stack } from '../../ops/stack.ts';
import type { Sent } from './compare.ts';
import { type Deployment, STACK } from './deployments.ts';
import { run } from './program.ts';

const POLL_MS = 3_000;
const EMULATED_MS = 5_000;

const accepted = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ status: v.literal('accepted'), eventId: v.string() }),
);

export type Stage = ReturnType<typeof createStage>;

/** The deployed stage, and what the steps do with it. */
export function createStage(signal: AbortSignal, isEmulated: boolean) {
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

  function outputs(): Stack['outputs'] {
    if (stack === undefined) throw new Error('expected a deployed stage, got none');
    return stack.outputs;
  }

  /** What a resource of the stack is called in AWS. */
  async function physicalId(type: string, logicalId: RegExp): Promise<string> {
    const resources = await resourcesOf(STACK);
    const found = resources.find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === type && logicalId.test(LogicalResourceId),
    );
    if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
    throw new Error(`expected a resource ${logicalId.source} of the type ${type}, got none`);
  }

  /** Runs another tool of this project for the stage. */
  function tool(name: 'secret' | 'receive' | 'replay', args: readonly string[], input = ''): Promise<string> {
    return run(`tools/ops/${name}.ts`, ['--stack', STACK, ...args], { signal, input });
  }

  /** What the doctor finds. */
  async function doctor(isAlarmTested = false): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    await examine({ name: STACK }, (finding) => findings.push(finding), { isAlarmTested });
    return findings;
  }

  /** An event that no other is. */
  async function newEvent(overrides: Overrides = {}): Promise<Uint8Array<ArrayBuffer>> {
    return override(asNewEvent(await readSample(DEFAULT_SAMPLE)), { vendorData: marker, ...overrides });
  }

  function send(body: Uint8Array<ArrayBuffer>, secret?: string, tamper = false): Promise<Answer> {
    return post(new URL(outputs().WebhookUrl), buildDelivery(body, { secret, tamper }));
  }

  /** @throws AssertionError when the event is not accepted */
  async function accept(secret: string, event?: Uint8Array<ArrayBuffer>): Promise<Sent> {
    const body = event ?? (await newEvent());
    const answer = await send(body, secret);
    const said = v.safeParse(accepted, answer.body);
    assert(answer.status === 200 && said.success, `answered ${inWords(answer)}`);
    return { eventId: said.output.eventId, body: new TextDecoder().decode(body) };
  }

  /** Sends an event again and again until the answer has this status; the answer in words. */
  async function answers(status: number, secret?: string, limitMs = 60_000): Promise<string> {
    const body = await newEvent();
    const look = () => send(body, secret).then(inWords, sentenceOf);
    return until(look, (words) => words.startsWith(`${status} `), limitMs, String);
  }

  /** Takes all that is on a queue, and waits for so many messages if need be. */
  async function take(url: string, atLeast = 0, limitMs = 60_000): Promise<readonly Entry[]> {
    const queue = openQueue(sqs, url);
    const taken: Entry[] = [];
    for (const endsAt = Date.now() + limitMs; ; signal.throwIfAborted()) {
      for await (const messages of queue.batches(signal, Number.POSITIVE_INFINITY)) {
        const entries = messages.map(toEntry);
        taken.push(...entries);
        await queue.remove(entries.map(({ id }) => id));
      }
      if (taken.length >= atLeast || Date.now() >= endsAt) return taken;
    }
  }

  /** How long to wait for what AWS does in its own time: an emulated account does it at once or never. */
  const inTime = (limitMs: number) => (isEmulated ? EMULATED_MS : limitMs);

  /**
   * Looks until it is there.
   * @throws AssertionError with what was seen last when the time is over
   */
  async function until<T>(
    look: () => Promise<T>,
    isThere: (seen: T) => boolean,
    limitMs: number,
    words: (seen: T) => string,
  ): Promise<T> {
    for (const endsAt = Date.now() + limitMs; ; ) {
      const seen = await look();
      if (isThere(seen)) return seen;
      assert(Date.now() < endsAt, words(seen));
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
    outputs,
    physicalId,
    tool,
    doctor,
    newEvent,
    send,
    accept,
    answers,
    take,
    inTime,
    until,
  };
}

export function inWords({ status, body, ms }: Answer): string {
  return `${status} ${body.slice(0, 200)} in ${ms.toFixed(0)} ms`;
}
