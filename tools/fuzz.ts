import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import * as v from 'valibot';
import { startReceiver } from './fuzz/receiver.ts';
import { fuzz } from './fuzz/run.ts';
import { FORMS, type Form, secretOf } from './fuzz/secret-forms.ts';

const PROGRESS_MS = 5_000;

const command = new Command('npm run fuzz --')
  .description(
    'Gives generated events to the function in this process: samples with parts changed, signed rightly, wrongly and not ' +
      'at all, and things that are no event. Exits with 1 at the first one that breaks a promise, made as small as it can be.',
  )
  .option('--runs <n>', 'how many events', '1000000')
  .option('--seed <n>', 'start of the random numbers; chosen and printed when left out')
  .option(
    '--secret <form>',
    'bare, list or names: what the secret is; when left out, all of them, each for a part of the runs',
  )
  .option('--path <path>', 'go at once to a finding that was printed; needs --seed and --secret')
  .addHelpText(
    'after',
    `
Examples:
  npm run fuzz
  npm run fuzz -- --runs 20000 --seed 7`,
  );

const whole = v.pipe(v.string(), v.regex(/^-?\d{1,10}$/, 'expected a whole number'), v.transform(Number));
const schema = v.object({
  runs: v.pipe(whole, v.minValue(1, 'expected at least 1')),
  seed: v.optional(whole, () => String(randomInt(2 ** 31))),
  secret: v.optional(v.picklist(FORMS, 'expected bare, list or names')),
  path: v.optional(v.pipe(v.string(), v.regex(/^\d+(:\d+)*$/, 'expected numbers with colons between'))),
});

const parsed = v.safeParse(schema, command.parse().opts());
if (!parsed.success) command.error(`--${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
const { runs, seed, secret: form, path } = v.parse(schema, command.opts());
if (path !== undefined && form === undefined)
  command.error('expected --secret with --path, got none; give it');

const total: Record<string, number> = {};

async function run(secretForm: Form, share: number): Promise<boolean> {
  const secret = secretOf(secretForm);
  const print = console.log;
  const receiver = await startReceiver(secret);
  const startedAt = performance.now();
  let done = 0;
  let toldAt = startedAt;
  const onRun = () => {
    done += 1;
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    print(`${secretForm}: ${done} of ${share}, ${Math.round((done / (now - startedAt)) * 1000)} a second`);
  };
  try {
    const { ends, finding } = await fuzz({ runs: share, seed, path, secret, invoke: receiver.invoke, onRun });
    for (const [end, count] of Object.entries(ends)) total[end] = (total[end] ?? 0) + count;
    if (finding === undefined) return true;
    print(`\nFound after ${done} events: ${finding.promises}\n\n${finding.event.slice(0, 20_000)}\n`);
    print(`Again: npm run fuzz -- --seed ${seed} --secret ${secretForm} --path ${finding.path}`);
    return false;
  } finally {
    await receiver.stop();
  }
}

console.log(`seed ${seed}`);
const startedAt = performance.now();
const forms = form === undefined ? FORMS : [form];
let clean = true;
for (const [index, secretForm] of forms.entries()) {
  const share = Math.floor((runs + index) / forms.length);
  clean &&= share === 0 || (await run(secretForm, share));
}
for (const [end, count] of Object.entries(total).sort()) console.log(`${String(count).padStart(9)}  ${end}`);
const sum = Object.values(total).reduce((left, right) => left + right, 0);
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${sum} events in ${seconds} s, seed ${seed}: ${clean ? '0 findings' : '1 finding'}`);
process.exitCode = clean ? 0 : 1;
