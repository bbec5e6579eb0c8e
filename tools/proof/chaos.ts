import * as v from 'valibot';
import { createCommand, flag, main, readOptions, wholeNumber } from '../cli/command-line.ts';
import { createProgress } from '../cli/progress.ts';
import { broken, chaosTable } from './chaos/report.ts';
import { runChaos } from './chaos/run.ts';
import { SEED_EXPECTED, seed } from './random.ts';
import { rotationDrill } from './rotation/drill.ts';
import { brokenByRotation, rotationTable } from './rotation/report.ts';

const command = createCommand('npm run chaos')
  .description(
    'Attacks the stack on this machine and counts what became of every event. Exits with 0 when every promise held.',
  )
  .option('--deliveries <n>', 'how many are made, at least', '100000')
  .option('--events <n>', 'how many distinct events they are of', '20000')
  .option('--environments <n>', 'processes of the function side by side', '6')
  .option('--seed <n>', 'of the events, the outages and the kills; a new one when left out')
  .option('--rotation', 'only rotate the secret, well and badly, under load')
  .addHelpText(
    'after',
    `
A sender behaves as Veriff does: at least once, again after anything but 200, in no order, some events by hand once
more. Between the function and its services a proxy fails in every way it knows; environments are killed while they
handle a delivery; some deliveries are forged. A subscriber empties the queues, and at the end every acknowledged event
must have been there.`,
  );

const { rotation, ...options } = readOptions(
  command,
  v.object({
    deliveries: wholeNumber(1, 10_000_000),
    events: wholeNumber(1, 1_000_000),
    environments: wholeNumber(1, 50),
    seed,
    rotation: flag,
  }),
  {
    deliveries: 'a whole number from 1 to 10000000',
    events: 'a whole number from 1 to 1000000',
    environments: 'a whole number from 1 to 50',
    seed: SEED_EXPECTED,
  },
);

async function attack(): Promise<readonly string[]> {
  const progress = createProgress();
  const report = await runChaos({ ...options, onProgress: progress.show }).finally(progress.clear);
  console.log(chaosTable(report));
  return broken(report);
}

async function rotate(): Promise<readonly string[]> {
  const scenes = await rotationDrill(options.seed);
  console.log(rotationTable(scenes));
  return brokenByRotation(scenes);
}

await main(async () => {
  console.log(`Seed ${options.seed}`);
  const problems = await (rotation ? rotate() : attack());
  for (const problem of problems) {
    console.error(`Broken: ${problem}; run it again with --seed ${options.seed}`);
  }
  return problems.length === 0 ? 0 : 1;
});
