import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import * as v from 'valibot';
import { chooseKey } from './choose-key.ts';
import type { Answer, Delivery } from './delivery.ts';
import { buildDelivery, DEFAULT_SAMPLE, override, post, readSample } from './delivery.ts';
import { DEFAULT_PORT } from './local/addresses.ts';

const LOCAL_URL = `http://127.0.0.1:${DEFAULT_PORT}/webhooks/veriff/user-statuses`;

const command = new Command('npm run send --')
  .description(
    'Signs an event as Veriff would and posts it to the receiver. Exits with 0 when every answer was 200.',
  )
  .option('--url <url>', 'where to post it', LOCAL_URL)
  .option(
    '--secret <key>',
    "Veriff's shared secret key; others on the machine see it, VERIFF_SECRET is better",
  )
  .option('--secret-id <name>', 'name or ARN of the secret to read the key from')
  .option('--integration <name>', 'sign with the key of this name; the first one when left out')
  .option('--sample <name>', 'a file of contract/samples, without .json', DEFAULT_SAMPLE)
  .option('--status <text>', 'set the status; its code follows from it')
  .option('--reason <text>', 'set the reason')
  .option('--session <id>', 'set the session id')
  .option('--attempt <id>', 'set the attempt id')
  .option('--vendor-data <text>', 'set the vendor data')
  .option('--tamper', 'alter the body after signing: must be refused')
  .option('--unsigned', 'leave the signature out: must be refused')
  .option('--repeat <n>', 'send it so many times, one after the other', '1')
  .option('--body <file>', 'send this file instead of a sample')
  .option('--json', 'print one JSON document')
  .addHelpText(
    'after',
    `
The key comes from --secret, from --secret-id, or from the variable VERIFF_SECRET; each may hold what the secret may:
a key, a list, or an object from name to key. For a URL on this machine none is
needed: the local stack of "npm start" has its Secrets Manager on the next port after the webhook's. --secret-id is
looked up there, too; for any other URL in AWS, with the credentials and the Region of the environment.

Without changes (--status, --reason, …) the bytes of the sample or the file go out as they are.

Examples:
  npm run send
  npm run send -- --status "Needs review" --repeat 3
  npm run send -- --tamper
  npm run send -- --url https://…/webhooks/veriff/user-statuses --secret-id MySecret`,
  );

const text = v.optional(v.string());
const flag = v.optional(v.boolean(), false);
const schema = v.object({
  url: v.pipe(
    v.string(),
    v.url(),
    v.startsWith('http'),
    v.transform((url) => new URL(url)),
  ),
  secret: v.optional(v.pipe(v.string(), v.nonEmpty())),
  secretId: v.optional(v.pipe(v.string(), v.nonEmpty())),
  integration: text,
  sample: v.string(),
  status: text,
  reason: text,
  session: text,
  attempt: text,
  vendorData: text,
  tamper: flag,
  unsigned: flag,
  repeat: v.pipe(
    v.string(),
    v.regex(/^[1-9]\d{0,5}$/, 'expected a number from 1 to 999999'),
    v.transform(Number),
  ),
  body: text,
  json: flag,
});
type Options = v.InferOutput<typeof schema>;

function readOptions(): Options {
  const result = v.safeParse(schema, command.parse().opts());
  if (!result.success) {
    const [issue] = result.issues;
    const name = String(v.getDotPath(issue)).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return command.error(`--${name}: ${issue.message}`);
  }
  const options = result.output;
  if (options.secret !== undefined && options.secretId !== undefined) {
    command.error('expected --secret or --secret-id, got both; leave one out');
  }
  if (options.tamper && options.unsigned)
    command.error('expected --tamper or --unsigned, got both; leave one out');
  return options;
}

async function deliveryOf(options: Options): Promise<Delivery> {
  const { status, reason, session, attempt, vendorData, tamper } = options;
  const original =
    options.body === undefined
      ? await readSample(options.sample)
      : Uint8Array.from(await readFile(options.body));
  const body = override(original, { status, reason, session, attempt, vendorData });
  if (options.unsigned) return buildDelivery(body, {});
  const { secret } = chooseKey(givenSecret(options) ?? (await storedSecret(options)), options.integration);
  return buildDelivery(body, { secret, tamper });
}

function givenSecret({ secret, secretId }: Options): string | undefined {
  if (secret !== undefined || secretId !== undefined) return secret;
  const { VERIFF_SECRET: variable } = process.env;
  if (variable?.trim() !== '') return variable;
  throw new Error("expected Veriff's shared secret key in VERIFF_SECRET, got nothing; set it, or unset it");
}

async function storedSecret({ url, secretId }: Options): Promise<string> {
  // Loaded on demand: the AWS client is most of this program's starting time.
  const { fetchSharedSecret } = await import('./shared-secret.ts');
  return fetchSharedSecret(url, secretId);
}

function requestText({ url }: Options, { headers, body }: Delivery): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${url}`, ...lines, '', new TextDecoder().decode(body).trimEnd(), ''].join('\n');
}

function answerText({ status, body, ms }: Answer): string {
  return `${status} in ${ms.toFixed(0)} ms  ${body}`;
}

async function send(options: Options): Promise<boolean> {
  const delivery = await deliveryOf(options);
  const answers: Answer[] = [];
  if (!options.json) console.log(requestText(options, delivery));
  for (let count = 0; count < options.repeat; count += 1) {
    const answer = await post(options.url, delivery);
    answers.push(answer);
    if (!options.json) console.log(answerText(answer));
  }
  if (options.json) {
    const request = {
      url: options.url,
      headers: delivery.headers,
      body: new TextDecoder().decode(delivery.body),
    };
    const told = answers.map(({ status, body, ms }) => ({ status, body, ms: Math.round(ms) }));
    console.log(JSON.stringify({ request, answers: told }, undefined, 2));
  }
  return answers.every(({ status }) => status === 200);
}

try {
  process.exitCode = (await send(readOptions())) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
