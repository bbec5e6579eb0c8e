import { isDeepStrictEqual } from 'node:util';
import { readPayload } from '../../../contract/event.ts';
import { eventId, messageAttributes } from '../../../contract/message.ts';
import { buildDelivery, post, readSample } from '../../ops/delivery.ts';
import { type Bench, inWords } from './bench.ts';
import { hold, type Step } from './step.ts';

const DOCS = 'README.md, the table of answers';
const INTEGRATION = 'verify';

/** Each is set aside with this reason. */
const UNUSABLE = {
  'not-json': 'invalid/trailing-comma',
  'invalid-event': 'invalid/attempt-id-number',
  'unfamiliar-event-type': 'unfamiliar-event-type',
  'other-webhook': 'other-webhooks/decision',
};

/** What the README's first table says of a delivery, before and after a key is stored. */
export function deliverySteps(bench: Bench): {
  readonly storing: readonly Step[];
  readonly answers: readonly Step[];
} {
  const { keys, send, take, newEvent, accept, deployed } = bench;
  const urls = () => deployed().outputs;
  const nothingIn = async (...queues: readonly string[]) => {
    for (const url of queues) {
      const { length } = await take(url);
      hold(length === 0, `${length} messages on ${url}`);
    }
  };

  const storing: Step[] = [
    {
      claim: 'Before a key is stored, a signed delivery gets 503 with Retry-After, and nothing is kept.',
      docs: 'docs/runbook.md#the-secret-is-the-placeholder',
      run: async () => {
        const answer = await send(await newEvent(), keys.first);
        hold(answer.status === 503 && answer.headers.has('retry-after'), inWords(answer));
        await nothingIn(urls().QueueUrl, urls().QuarantineQueueUrl);
        return inWords(answer);
      },
    },
    {
      claim: 'A key that was just stored verifies deliveries; nothing is restarted or deployed.',
      docs: 'README.md#deploy, step 3',
      isNeeded: true,
      run: async () => {
        await bench.tool('secret.ts', ['--integration', INTEGRATION], keys.first);
        const body = await newEvent();
        let tries = 0;
        const look = () => {
          tries += 1;
          return send(body, keys.first);
        };
        const answer = await bench.until(look, ({ status }) => status === 200, 60_000);
        hold(answer.status === 200, inWords(answer));
        await take(urls().QueueUrl, 1);
        return `accepted with try ${tries}: ${inWords(answer)}`;
      },
    },
  ];

  const answers: Step[] = [
    {
      claim: 'A valid event is on the main queue, byte for byte, with its attributes.',
      docs: `${DOCS}; README.md#what-a-subscriber-gets`,
      run: async () => {
        const sent = await accept(keys.first);
        const [entry, ...others] = await take(urls().QueueUrl, 1);
        const payload = readPayload(sent.body);
        hold(entry !== undefined && others.length === 0 && payload.ok, 'not one message on the queue');
        const { receivedAt } = entry.delivery;
        const wanted = messageAttributes(payload.event, { integration: INTEGRATION, receivedAt });
        const given = Object.entries(entry.original.attributes);
        const found = Object.fromEntries(given.map(([name, { StringValue }]) => [name, StringValue]));
        hold(isDeepStrictEqual(found, { ...wanted }), `attributes ${JSON.stringify(found)}`);
        hold(sent.eventId === eventId(payload.event), `answered with the event id ${sent.eventId}`);
        hold(entry.original.body === sent.body, 'another body');
        return `${sent.body.length} characters, ${Object.keys(found).join(', ')}`;
      },
    },
    {
      claim: 'U+FFFE and U+FFFF, which SQS refuses, arrive as their JSON escapes.',
      docs: `${DOCS}, footnote`,
      run: async () => {
        const sent = await accept(keys.first, await newEvent({ reason: 'a\uFFFEb\uFFFFc' }));
        const [entry] = await take(urls().QueueUrl, 1);
        const body = sent.body.replaceAll('\uFFFE', '\\uFFFE').replaceAll('\uFFFF', '\\uFFFF');
        hold(entry?.original.body.toLowerCase() === body.toLowerCase(), 'another body, or none');
        return 'both arrived as escapes';
      },
    },
    {
      claim:
        'What is authentic and no event we know gets 200 and lies in quarantine, byte for byte, with the reason.',
      docs: `${DOCS}; docs/runbook.md#events-in-quarantine`,
      run: async () => {
        const seen: string[] = [];
        for (const [reason, sample] of Object.entries(UNUSABLE)) {
          const body = await readSample(sample);
          const answer = await send(body, keys.first);
          hold(answer.status === 200, `${sample}: ${inWords(answer)}`);
          const [entry] = await take(urls().QuarantineQueueUrl, 1);
          hold(entry?.reason === reason, `${sample}: expected the reason ${reason}, got ${entry?.reason}`);
          hold(Buffer.from(body).equals(entry.delivery.body), `${sample}: another body`);
          seen.push(reason);
        }
        await nothingIn(urls().QueueUrl);
        return seen.join(', ');
      },
    },
    {
      claim: 'An authentic delivery that is larger than a message of SQS may be gets 413 and is not kept.',
      docs: `${DOCS}; docs/runbook.md#an-event-is-too-large`,
      run: async () => {
        const answer = await send(await newEvent({ vendorData: 'x'.repeat(1024 * 1024) }), keys.first);
        hold(answer.status === 413, inWords(answer));
        await nothingIn(urls().QueueUrl, urls().QuarantineQueueUrl);
        return inWords(answer);
      },
    },
    {
      claim: 'What is unsigned, altered or signed with another key gets 401 and is not kept.',
      docs: `${DOCS}; SECURITY.md`,
      run: async () => {
        const body = await newEvent();
        const altered = buildDelivery(body, { secret: keys.first, tamper: true });
        const answers = [
          await send(body),
          await post(new URL(urls().WebhookUrl), altered),
          await send(body, keys.second),
        ];
        const statuses = answers.map(({ status }) => status).join(', ');
        hold(statuses === '401, 401, 401', statuses);
        await nothingIn(urls().QueueUrl, urls().QuarantineQueueUrl);
        return statuses;
      },
    },
  ];
  return { storing, answers };
}
