import * as v from 'valibot';
import { createCommand, main, readOptions, wholeNumber } from '../cli/command-line.ts';
import { createProgress } from '../cli/progress.ts';
import { startReceiver } from './fuzz/receiver.ts';
import { fuzz } from './fuzz/run.ts';
import { FORMS, SECRETS } from './fuzz/secret-forms.ts';
import { SEED_EXPECTED, seed } from './random.ts';
import { table } from './table.ts';

const command = createCommand('npm run fuzz')
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
  .addHelpText('after', '\nExamples:\n  npm run fuzz\n  npm run fuzz -- --runs 20000 --seed 7');

const options = readOptions(
  command,
  v.object({
    runs: wholeNumber(1, 1_000_000_000),
    seed,
    secret: v.optional(v.picklist(FORMS)),
    path: v.optional(v.pipe(v.string(), v.regex(/^\d+(:\d+)*$/))),
  }),
  {
    runs: 'a whole number from 1 to 1000000000',
    seed: SEED_EXPECTED,
    secret: 'bare, list or names',
    path: 'numbers with colons between',
  },
);
if (options.path !== undefined && options.secret === undefined) {
  command.error('expected --secret with --path, got none; give it');
}

/** Whether nothing was found; counts the ends in `total`. */
async function isClean(form: (typeof FORMS)[number], runs: number, total: Map<string, number>) {
  const secret = SECRETS[form];
  const progress = createProgress();
  const { invoke, stop } = await startReceiver(secret);
  let done = 0;
  const onRun = () => progress.show(`${form}: ${++done} of ${runs}`);
  const { ends, finding } = await fuzz({ ...options, runs, secret, invoke, onRun }).finally(stop);
  progress.clear();
  for (const [end, count] of Object.entries(ends)) total.set(end, (total.get(end) ?? 0) + count);
  if (finding === undefined) return true;
  console.log(`\nFound after ${done} events: ${finding.promises}\n\n${finding.event.slice(0, 20_000)}\n`);
  console.log(`Again: npm run fuzz -- --seed ${options.seed} --secret ${form} --path ${finding.path}`);
  return false;
}

await main(async () => {
  console.log(`Seed ${options.seed}`);
  const startedAt = performance.now();
  const total = new Map<string, number>();
  const forms = options.secret === undefined ? FORMS : [options.secret];
  let clean = true;
  for (const [index, form] of forms.entries()) {
    const runs = Math.floor((options.runs + index) / forms.length);
    clean &&= runs === 0 || (await isClean(form, runs, total));
  }
  console.log(table(['end', 'events'], [...total].sort()));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${seconds} s, seed ${options.seed}: ${clean ? '0 findings' : '1 finding'}`);
  return clean ? 0 : 1;
});
