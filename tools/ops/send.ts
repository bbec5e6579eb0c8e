import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { createCommand, flag, main, text, wholeNumber } from '../cli/command-line.ts';
import { nameOf } from '../cli/failure.ts';
import { printable, printableLines } from '../cli/printable.ts';
import { DEFAULT_PORT } from '../local/addresses.ts';
import { chooseKey } from './choose-key.ts';
import {
  type Answer,
  buildDelivery,
  DEFAULT_SAMPLE,
  override,
  post,
  readSample,
  sampleNames,
  type WebhookRequest,
} from './delivery.ts';
import { asNewEvent } from './new-event.ts';
import { storedSecret } from './secret/versions.ts';
import { findStack } from './stack.ts';
import { readPossibleTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(createCommand('npm run send'))
  .description(
    'Signs an event as Veriff would and posts it to the receiver. Exits with 0 when every answer was 200.',
  )
  .option('--url <url>', 'post it there instead, signed with the key of --secret or VERIFF_SECRET')
  .option('--secret <key>', 'with --url: the key; others on the machine see it, VERIFF_SECRET is better')
  .option('--integration <name>', 'sign with the key of this name; the first one when left out')
  .option('--sample <name>', `the sample to send, see below; ${DEFAULT_SAMPLE} when left out`)
  .option('--body <file>', 'send the bytes of this file instead of a sample')
  .option('--status <text>', 'set the status; its code follows from it')
  .option('--reason <text>', 'set the reason')
  .option('--session <id>', 'set the session id')
  .option('--attempt <id>', 'set the attempt id')
  .option('--vendor-data <text>', 'set the vendor data')
  .option('--tamper', 'alter the body after signing: must be refused')
  .option('--unsigned', 'leave the signature out: must be refused')
  .option('--count <n>', 'send so many events', '1')
  .option('--repeat <n>', 'send each event so many times, as Veriff does when it gets no 200', '1')
  .option('--rate <n>', 'begin so many deliveries a second; one after the other when left out')
  .option('--json', 'print one JSON document')
  .addHelpText(
    'after',
    `
Without --stack, --local and --url it sends to the stack of "npm start". The key is the stack's own, read from its secret.
What --secret or VERIFF_SECRET holds may be all that the secret may: a key, a list, or an object from name to key.

A sample is sent as a new event: with ids and times of its own, as far as it has them. A file goes out byte for byte,
unless an option changes it.

Samples:
${(await sampleNames()).map((name) => `  ${name}`).join('\n')}

Examples:
  npm run send
  npm run send -- --status "Needs review" --repeat 3
  npm run send -- --tamper
  npm run send -- --count 500 --rate 100
  npm run send -- --stack veriff-status-receiver-prod`,
  );

const positive = wholeNumber(1, 999_999);
const HTTP = 'an address that starts with http';
const schema = v.object({
  ...targetEntries,
  url: v.optional(v.pipe(v.string(), v.url(HTTP), v.startsWith('http', HTTP))),
  secret: text,
  integration: text,
  sample: text,
  body: text,
  status: text,
  reason: text,
  session: text,
  attempt: text,
  vendorData: text,
  tamper: flag,
  unsigned: flag,
  count: positive,
  repeat: positive,
  rate: v.optional(positive),
  json: flag,
});

const { options, target } = readPossibleTarget(command, schema);
if (options.url !== undefined && target !== undefined) {
  command.error('expected --url or a stack, got both; leave one out');
}
if (options.secret !== undefined && options.url === undefined) {
  command.error('expected --secret with --url, got it with a stack, whose own key is used; leave it out');
}
if (options.tamper && options.unsigned)
  command.error('expected --tamper or --unsigned, got both; leave one out');

if (options.body !== undefined && options.sample !== undefined)
  command.error('expected --body or --sample, got both; leave one out');

await main(async () => {
  const { count, json, repeat, rate, tamper } = options;
  const original = await readBody();
  const { url, secret } = await addressee();
  if (secret !== undefined && !isUtf8(original))
    console.error(
      "This body is not UTF-8. API Gateway hands a body on as text, and its signature can't be verified then.",
    );
  const deliver = async (delivery: WebhookRequest) => {
    const answer = await post(url, delivery);
    if (!json) console.log(`${answer.status} in ${answer.ms.toFixed(0)} ms  ${printable(answer.body)}`);
    return { delivery, answer };
  };
  const sent: ReturnType<typeof deliver>[] = [];
  const startedAt = performance.now();
  try {
    for (let event = 0; event < count; event += 1) {
      const payload = override(options.body === undefined ? asNewEvent(original) : original, options);
      const delivery = buildDelivery(payload, { secret, tamper });
      if (!json && event === 0) console.log(requestText(url, delivery));
      for (let time = 0; time < repeat; time += 1) {
        const delivered = deliver(delivery);
        sent.push(delivered);
        // One that fails is told of below, when all have begun.
        delivered.catch(() => {});
        await (rate === undefined ? delivered : until(startedAt + (sent.length * 1_000) / rate));
      }
    }
  } finally {
    const done = (await Promise.allSettled(sent)).flatMap((one) => ('value' in one ? one.value : []));
    if (json) console.log(JSON.stringify({ url, deliveries: done.map(documentOf) }, undefined, 2));
  }
  return (await Promise.all(sent)).every(({ answer }) => answer.status === 200) ? 0 : 1;
});

/** A timer takes a millisecond at least, so what is late goes on at once, after the answers that have come. */
function until(time: number): Promise<unknown> {
  const ms = time - performance.now();
  return ms > 0 ? sleep(ms) : nextTurn();
}

/** Where deliveries go, and what signs them; undefined: nothing does. */
async function addressee(): Promise<{ url: URL; secret?: string }> {
  const { unsigned, integration } = options;
  if (options.url !== undefined) {
    const url = new URL(options.url);
    return unsigned ? { url } : { url, secret: chooseKey(givenSecret(), integration).secret };
  }
  const stack = await findStack(target ?? { localPort: DEFAULT_PORT });
  const url = new URL(stack.outputs.WebhookUrl);
  return unsigned ? { url } : { url, secret: chooseKey(await storedSecret(stack), integration).secret };
}

function givenSecret(): string {
  const given = options.secret ?? process.env.VERIFF_SECRET ?? '';
  if (given.trim() !== '') return given;
  throw new Error(
    "expected Veriff's shared secret key in VERIFF_SECRET, or --secret, for a URL, got nothing; set it, or name the stack with --stack",
  );
}

async function readBody(): Promise<Uint8Array<ArrayBuffer>> {
  const { body, sample } = options;
  if (body === undefined) return readSample(sample ?? DEFAULT_SAMPLE);
  // npm changes to the project's folder, and says from where it was run.
  const file = resolve(process.env.INIT_CWD ?? '', body);
  try {
    return Uint8Array.from(await readFile(file));
  } catch (error) {
    throw new Error(
      `--body: expected a file that can be read, got ${nameOf(error)} for ${file}; give another`,
    );
  }
}

function requestText(url: URL, { headers, body }: WebhookRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const payload = printableLines(new TextDecoder().decode(body).trimEnd());
  return [`POST ${url}`, ...lines, '', payload, ''].join('\n');
}

function documentOf({ delivery, answer }: { delivery: WebhookRequest; answer: Answer }) {
  const { headers, body } = delivery;
  const { status, body: said, ms } = answer;
  return {
    request: { headers, body: new TextDecoder().decode(body) },
    answer: { status, body: said, ms: Math.round(ms) },
  };
}
