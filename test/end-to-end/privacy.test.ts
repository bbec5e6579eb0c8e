import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { sign } from '../../functions/receiver/signature.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
  veriffSample,
} from '../support/samples.ts';
import { expectNothingOf, marked, PRIVATE } from '../support/secrecy.ts';
import { talkative } from '../support/talkative.ts';
import { SECRET } from '../support/webhook.ts';

const samples = [...validSamples, unfamiliarSample, ...otherWebhookSamples, ...invalidSamples];

describe.each(['as it ships', 'told to log all that it can'])('the function %s', (how) => {
  const said: string[] = [];
  let stack: LocalStack;
  let removeCopy = async () => {};

  beforeAll(async () => {
    let assemblyDir = inject('assemblyDir');
    if (how !== 'as it ships') {
      const copy = await talkative(assemblyDir);
      assemblyDir = copy.directory;
      removeCopy = copy.remove;
    }
    stack = await startLocalStack({ assemblyDir, secret: SECRET, onLog: (line) => void said.push(line) });
  });
  beforeEach(() => {
    said.length = 0;
  });
  afterAll(async () => {
    await stack.stop();
    await removeCopy();
  });

  /** Posts it, and keeps all of the answer with what is printed. */
  async function post(body: string, headers: Record<string, string>) {
    const all = { ...headers, 'x-auth-client': PRIVATE };
    const response = await fetch(stack.url, { method: 'POST', body, headers: all });
    said.push(JSON.stringify([...response.headers]), await response.text());
    return response.status;
  }

  it('prints and answers nothing of what it keeps: every sample', async () => {
    const bodies = samples.map((sample) => marked(sample.body));
    const signatures = bodies.map((body) => sign(SECRET, body));
    for (const [index, body] of bodies.entries()) {
      expect(await post(body, { 'x-hmac-signature': signatures[index] ?? '' })).toBe(200);
    }
    const { messages } = await stack.sqs.inspect(stack.queues.main.name);
    expect(messages.ready.length).toBeGreaterThan(5);
    expect(messages.ready.every((message) => message.body.includes(PRIVATE))).toBe(true);
    for (const word of ['Accepted', 'Quarantined', 'CloudWatchMetrics']) expect(said.join()).toContain(word);
    expectNothingOf([PRIVATE, SECRET, ...signatures], said);
  });

  it('prints and answers nothing of what it refuses: every forgery', async () => {
    const body = marked(veriffSample.body);
    const good = sign(SECRET, body);
    const other = sign('another', body);
    const forged = ['', other, good.slice(1), `${good}0`, `sha256=${good}`, `${good},${good}`, PRIVATE];
    for (const signature of forged) expect(await post(body, { 'x-hmac-signature': signature })).toBe(401);
    expect(await post(`${body} `, { 'vrf-hmac-signature': good })).toBe(401);
    expect(said.join()).toContain('Refused');
    expectNothingOf([PRIVATE, SECRET, good, other], said);
  });
});
