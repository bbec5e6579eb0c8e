import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createProgress } from '../../../../tools/cli/progress.ts';
import { CREDENTIALS } from '../../../../tools/local/addresses.ts';
import type { Action } from '../../../../tools/ops/replay/fate.ts';
import { replay } from '../../../../tools/ops/replay/run.ts';
import { MAIN, QUARANTINE, REGION, startQueues } from '../../../support/queues.ts';
import { neverWait } from '../../../support/without-wait.ts';

const HOUR_MS = 3_600_000;

let queues: Awaited<ReturnType<typeof startQueues>>;
let client: SQSClient;
beforeAll(async () => {
  queues = await startQueues();
  client = neverWait(new SQSClient({ endpoint: queues.endpoint, region: REGION, credentials: CREDENTIALS }));
  // As if those that say so had been sent an hour ago.
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const messages = 'Messages' in result.output ? (result.output.Messages ?? []) : [];
      for (const { Body, Attributes } of messages) {
        if (Attributes && Body?.includes('old')) Attributes.SentTimestamp = String(Date.now() - HOUR_MS);
      }
      return result;
    },
    { step: 'initialize' },
  );
});
beforeEach(() => queues.reset());
afterAll(() => queues.stop());

const url = (name: typeof MAIN | typeof QUARANTINE) => queues.urls[name] ?? '';

function put(body: string, reason: string) {
  const MessageAttributes = { reason: { DataType: 'String', StringValue: reason } };
  return client.send(
    new SendMessageCommand({ QueueUrl: url(QUARANTINE), MessageBody: body, MessageAttributes }),
  );
}

async function printedBy(action: Action): Promise<string> {
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  await replay({
    stack: { sqs: client, outputs: { QueueUrl: url(MAIN), QuarantineQueueUrl: url(QUARANTINE) } },
    source: { url: url(QUARANTINE), where: 'in quarantine', kind: 'quarantine' },
    action,
    show: false,
    signal: new AbortController().signal,
    progress: createProgress({ write: () => true }),
    list: print,
    print,
  });
  return printed.join('\n');
}

const left = async () => (await queues.messages(QUARANTINE)).map(({ body }) => body).sort();

test('ends although deliveries arrive as fast as it looks, and says that there are more', async () => {
  await put('first', 'not-json');
  client.middlewareStack.add(
    (next) => async (args) => {
      if ('MaxNumberOfMessages' in args.input) {
        await Promise.all(Array.from({ length: 10 }, (_, index) => put(`another ${index}`, 'not-json')));
      }
      return next(args);
    },
    { step: 'initialize', name: 'arriving' },
  );
  const printed = await printedBy('list');
  client.middlewareStack.remove('arriving');
  expect(printed).toContain('More arrived meanwhile than can be looked at in one run: run it again.');
});

async function putProbes() {
  await put('an old event', 'not-json');
  await put('an old probe', 'probe');
  await put('a new probe', 'probe');
}

test.each(['list', 'dry-run'] as const)(
  'counts with %s the probes that a doctor left behind, and changes nothing',
  async (action) => {
    await putProbes();
    const printed = await printedBy(action);
    expect(printed).toContain('1 in quarantine: 1 not');
    expect(printed).toContain('left behind: 1, left out; --apply removes them.');
    expect(await left()).toEqual(['a new probe', 'an old event', 'an old probe']);
  },
);

test('removes with --apply the probes that a doctor left behind, and only those', async () => {
  await putProbes();
  const printed = await printedBy('apply');
  expect(printed).toContain('1 looked at: 1 not valid.');
  expect(printed).toContain('left behind: 1, removed.');
  expect(await left()).toEqual(['a new probe', 'an old event']);
  expect(await queues.messages(MAIN)).toEqual([]);
});
