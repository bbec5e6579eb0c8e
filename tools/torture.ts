import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import * as v from 'valibot';
import { broken, progressLine, tableOf } from './torture/report.ts';
import { rotationDrill } from './torture/rotation-drill.ts';
import { brokenByRotation, rotationTable } from './torture/rotation-report.ts';
import { type Progress, torture } from './torture/torture.ts';

const command = new Command('npm run torture --')
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

const count = (most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,10}$/, `expected a number from 1 to ${most}`),
    v.transform(Number),
    v.minValue(1, `expected a number from 1 to ${most}`),
    v.maxValue(most, `expected a number from 1 to ${most}`),
  );
const schema = v.object({
  deliveries: count(10_000_000),
  events: count(1_000_000),
  environments: count(50),
  seed: v.optional(count(2 ** 32 - 1)),
  rotation: v.optional(v.boolean(), false),
});

function readOptions(): v.InferOutput<typeof schema> {
  const result = v.safeParse(schema, command.parse().opts());
  if (result.success) return result.output;
  const [issue] = result.issues;
  return command.error(`--${v.getDotPath(issue)}: ${issue.message}`);
}

const { seed = randomInt(1, 2 ** 32 - 1), rotation, ...options } = readOptions();

const LINE_EVERY_MS = 10_000;
let toldAt = Number.NEGATIVE_INFINITY;

function tell(progress: Progress): void {
  const line = progressLine(progress, options.deliveries);
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001b[K${line}`);
  } else if (performance.now() - toldAt >= LINE_EVERY_MS) {
    toldAt = performance.now();
    console.log(line);
  }
}

async function attack(): Promise<readonly string[]> {
  const report = await torture({ ...options, seed, onProgress: tell });
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
  console.log(tableOf(report));
  return broken(report);
}

async function rotate(): Promise<readonly string[]> {
  const scenes = await rotationDrill(seed);
  console.log(rotationTable(scenes));
  return brokenByRotation(scenes);
}

console.log(`Seed ${seed}`);
try {
  const problems = await (rotation ? rotate() : attack());
  for (const problem of problems) console.error(`Broken: ${problem}; run it again with --seed ${seed}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
