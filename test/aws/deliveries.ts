import { isDeepStrictEqual } from 'node:util';
import { assert } from 'vitest';
import { readPayload } from '../../contract/event.ts';
import { eventId, messageAttributes } from '../../contract/message.ts';
import { type Answer, readSample } from '../../tools/ops/delivery.ts';
import { claim } from './claim.ts';
import { accept, INTEGRATION, inWords, keys, newEvent, outputs, send, take } from './stage.ts';

const DOCS = 'README.md, the table of answers';

/** Each is set aside with this reason. */
const UNUSABLE = {
  'not-json': 'invalid/trailing-comma',
  'invalid-event': 'invalid/attempt-id-number',
  'unfamiliar-event-type': 'unfamiliar-event-type',
  'other-webhook': 'other-webhooks/decision',
};

/** What the README's first table says of a delivery, and what AWS does with one. */
export function claimDeliveries(): void {
  claim(
    'A valid event is on the main queue, byte for byte, with its attributes.',
    { docs: `${DOCS}; README.md#what-a-subscriber-gets` },
    async () => {
      const sent = await accept(keys.first);
      const [entry, ...others] = await take(outputs().QueueUrl, 1);
      const payload = readPayload(sent.body);
      assert(entry !== undefined && others.length === 0 && payload.ok, 'not one message on the queue');
      const { receivedAt } = entry.delivery;
      const wanted = messageAttributes(payload.event, { integration: INTEGRATION, receivedAt });
      const given = Object.entries(entry.original.attributes);
      const found = Object.fromEntries(given.map(([name, { StringValue }]) => [name, StringValue]));
      assert(isDeepStrictEqual(found, { ...wanted }), `attributes ${JSON.stringify(found)}`);
      assert(sent.eventId === eventId(payload.event), `answered with the event id ${sent.eventId}`);
      assert(entry.original.body === sent.body, 'another body');
      return `${sent.body.length} characters, ${Object.keys(found).join(', ')}`;
    },
  );
  claim(
    'U+FFFE and U+FFFF, which SQS refuses, arrive as their JSON escapes.',
    { docs: `${DOCS}, footnote` },
    async () => {
      const sent = await accept(keys.first, await newEvent({ reason: 'a\uFFFEb\uFFFFc' }));
      const [entry] = await take(outputs().QueueUrl, 1);
      const body = sent.body.replaceAll('\uFFFE', '\\uFFFE').replaceAll('\uFFFF', '\\uFFFF');
      assert(entry?.original.body.toLowerCase() === body.toLowerCase(), 'another body, or none');
      return 'both arrived as escapes';
    },
  );
  claim(
    'SQS takes the trace header that Lambda gives, with Lineage in it.',
    { docs: 'docs/runbook.md#a-message-was-reduced', isOfAws: true },
    async () => {
      await accept(keys.first);
      const [entry] = await take(outputs().QueueUrl, 1);
      const { traceHeader = 'no trace header' } = entry?.original ?? {};
      assert(traceHeader.includes('Lineage='), traceHeader);
      return traceHeader;
    },
  );
  claim(
    'What is authentic and no event we know gets 200 and lies in quarantine, byte for byte, with the reason.',
    { docs: `${DOCS}; docs/runbook.md#events-in-quarantine` },
    async () => {
      for (const [reason, sample] of Object.entries(UNUSABLE)) {
        const body = await readSample(sample);
        const answer = await send(body, keys.first);
        assert(answer.status === 200, `${sample}: ${inWords(answer)}`);
        const [entry] = await take(outputs().QuarantineQueueUrl, 1);
        assert(entry?.reason === reason, `${sample}: expected the reason ${reason}, got ${entry?.reason}`);
        assert(Buffer.from(body).equals(entry.delivery.body), `${sample}: another body`);
      }
      await assertNothingKept();
      return Object.keys(UNUSABLE).join(', ');
    },
  );
  claim(
    'An authentic delivery that is larger than a message of SQS may be gets 413 and is not kept.',
    { docs: `${DOCS}; docs/runbook.md#an-event-is-too-large` },
    () => refused(({ status }) => status === 413, 1024 * 1024),
  );
  claim(
    'A delivery of 7 MB gets an error, and nothing of it is kept.',
    { docs: 'docs/runbook.md#requests-that-never-reach-the-function', isOfAws: true },
    () => refused(({ status }) => status >= 400, 7_000_000),
  );
  claim(
    'What is unsigned, altered or signed with another key gets 401 and is not kept.',
    { docs: `${DOCS}; SECURITY.md` },
    async () => {
      const body = await newEvent();
      const answers = [await send(body), await send(body, keys.first, true), await send(body, keys.second)];
      const statuses = answers.map(({ status }) => status).join(', ');
      assert(statuses === '401, 401, 401', statuses);
      await assertNothingKept();
      return statuses;
    },
  );
}

/** The answer to a signed event of this size. @throws AssertionError when it is another one, or the event is kept */
export async function refused(isRight: (answer: Answer) => boolean, size = 0): Promise<string> {
  const answer = await send(await newEvent({ vendorData: 'x'.repeat(size) }), keys.first);
  assert(isRight(answer), inWords(answer));
  await assertNothingKept();
  return inWords(answer);
}

/** @throws AssertionError when something lies on the main queue or in quarantine */
async function assertNothingKept(): Promise<void> {
  for (const url of [outputs().QueueUrl, outputs().QuarantineQueueUrl]) {
    const { length } = await take(url);
    assert(length === 0, `${length} messages on ${url}`);
  }
}
