import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { assert } from 'vitest';
import { sentenceOf } from '../../tools/cli/failure.ts';
import { useProxy } from '../../tools/cli/network.ts';
import {
  type Answer,
  buildDelivery,
  DEFAULT_SAMPLE,
  type Overrides,
  override,
  post,
  readSample,
} from '../../tools/ops/delivery.ts';
import { examine } from '../../tools/ops/doctor/examine.ts';
import type { Finding } from '../../tools/ops/doctor/finding.ts';
import { resourcesOf } from '../../tools/ops/doctor/resources.ts';
import { asNewEvent } from '../../tools/ops/new-event.ts';
import { openQueue } from '../../tools/ops/open-queue.ts';
import { type Entry, toEntry } from '../../tools/ops/replay/entry.ts';
import { sqsClient } from '../../tools/ops/sqs-client.ts';
import { findStack, type Stack } from '../../tools/ops/stack.ts';
import { isEmulated, STACK } from '../../tools/proof/verify/place.ts';
import { runProgram } from '../support/program.ts';
import type { Sent } from './compare.ts';
import type { Deployment } from './deployments.ts';

const POLL_MS = 3_000;
const EMULATED_MS = 5_000;

const accepted = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ status: v.literal('accepted'), eventId: v.string() }),
);

useProxy();
export const sqs = sqsClient();
export const startedAt = Date.now();
export const INTEGRATION = 'verify';
/** In every event; no log may have it. */
export const marker = randomUUID();
/** Keys as Veriff makes them. */
export const keys = { first: randomUUID(), second: randomUUID() };
let stack: Stack | undefined;

/** @throws AssertionError with the end of what the program printed when it exits with another code than 0 */
async function run(...program: Parameters<typeof runProgram>): Promise<string> {
  const { code, stdout, stderr } = await runProgram(...program);
  const output = `${stdout}\n${stderr}`;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  // What CloudFormation says of a failure stands far above the end.
  const failures = lines.filter((line) => line.includes('FAILED')).slice(0, 2);
  const essence = failures.length > 0 ? failures : lines.slice(-4);
  assert(code === 0, `${basename(program[0])} exited with ${code}: ${essence.join('; ')}`);
  return output;
}

/** Deploys the stage with other options, as the README says. */
export async function deploy(VERIFY: Deployment): Promise<void> {
  const app = `"${process.execPath}" test/aws/app.ts`;
  const flags = ['--output', 'cdk.out/verify', '--require-approval', 'never', '--ci'];
  const env = { VERIFY, AWS_REGION: String(await sqs.config.region()) };
  await run('../../node_modules/aws-cdk/bin/cdk', ['deploy', '--app', app, ...flags], env);
  stack = await findStack({ name: STACK });
}

export function outputs(): Stack['outputs'] {
  if (stack === undefined) throw new Error('expected a deployed stage, got none');
  return stack.outputs;
}

/** What a resource of the stack is called in AWS. */
export async function physicalId(type: string, logicalId: RegExp): Promise<string> {
  const resources = await resourcesOf(STACK);
  const found = resources.find(
    ({ ResourceType, LogicalResourceId = '' }) => ResourceType === type && logicalId.test(LogicalResourceId),
  );
  if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
  throw new Error(`expected a resource ${logicalId.source} of the type ${type}, got none`);
}

/** Runs another tool of this project for the stage. */
export function tool(name: 'secret' | 'receive' | 'replay', args: readonly string[], input = '') {
  return run(`${name}.ts`, ['--stack', STACK, ...args], {}, input);
}

/** What the doctor finds. */
export async function doctor(isAlarmTested = false): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await examine({ name: STACK }, (finding) => findings.push(finding), { isAlarmTested });
  return findings;
}

/** An event that no other is. */
export async function newEvent(overrides: Overrides = {}): Promise<Uint8Array<ArrayBuffer>> {
  return override(asNewEvent(await readSample(DEFAULT_SAMPLE)), { vendorData: marker, ...overrides });
}

export function send(body: Uint8Array<ArrayBuffer>, secret?: string, tamper = false): Promise<Answer> {
  return post(new URL(outputs().WebhookUrl), buildDelivery(body, { secret, tamper }));
}

/** @throws AssertionError when the event is not accepted */
export async function accept(secret: string, event?: Uint8Array<ArrayBuffer>): Promise<Sent> {
  const body = event ?? (await newEvent());
  const answer = await send(body, secret);
  const said = v.safeParse(accepted, answer.body);
  assert(answer.status === 200 && said.success, `answered ${inWords(answer)}`);
  return { eventId: said.output.eventId, body: new TextDecoder().decode(body) };
}

/**
 * Sends an event again and again until the answer has this status; the answer in words.
 * @param atOnce so many times at once, to reach several environments of the function, until all answers have it
 */
export async function answers(
  status: number,
  secret?: string,
  limitMs = 60_000,
  atOnce = 1,
): Promise<string> {
  const body = await newEvent();
  const look = () =>
    Promise.all(Array.from({ length: atOnce }, () => send(body, secret).then(inWords, sentenceOf)));
  const isAll = (answered: readonly string[]) => answered.every((words) => words.startsWith(`${status} `));
  return (await until(look, isAll, limitMs, String)).join(', ');
}

/** Takes all that is on a queue, and waits for so many messages if need be. */
export async function take(url: string, atLeast = 0, limitMs = 60_000): Promise<readonly Entry[]> {
  const queue = openQueue(sqs, url);
  const { signal } = new AbortController();
  const taken: Entry[] = [];
  for (const endsAt = Date.now() + limitMs; ; ) {
    for await (const messages of queue.batches(signal, Number.POSITIVE_INFINITY)) {
      const entries = messages.map(toEntry);
      taken.push(...entries);
      await queue.remove(entries.map(({ id }) => id));
    }
    if (taken.length >= atLeast || Date.now() >= endsAt) return taken;
  }
}

/** How long to wait for what AWS does in its own time: an emulated account does it at once or never. */
export function inTime(limitMs: number): number {
  return isEmulated ? EMULATED_MS : limitMs;
}

/**
 * Looks until it is there.
 * @throws AssertionError with what was seen last when the time is over
 */
export async function until<T>(
  look: () => Promise<T>,
  isThere: (seen: T) => boolean,
  limitMs: number,
  words: (seen: T) => string,
): Promise<T> {
  for (const endsAt = Date.now() + limitMs; ; ) {
    const seen = await look();
    if (isThere(seen)) return seen;
    assert(Date.now() < endsAt, words(seen));
    await sleep(POLL_MS);
  }
}

export function inWords({ status, body, ms }: Answer): string {
  return `${status} ${body.slice(0, 200)} in ${ms.toFixed(0)} ms`;
}
