import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { createCommand, main, readOptions, wholeNumber } from '../cli/command-line.ts';
import { sentenceOf } from '../cli/failure.ts';
import { costTables } from './bench/cost.ts';
import { bounds, growthTable, median, resultTable } from './bench/results.ts';
import { coldRounds, ENVIRONMENTS, measureGrowth, nothingMeasured, warmRounds } from './bench/rounds.ts';
import { createCpuShare } from './bench/share.ts';
import { buildBaselines, variantOf } from './bench/variants.ts';
import { startWorld } from './bench/world.ts';

const command = createCommand('npm run bench')
  .description(
    'Measures the bundle that ships beside three baselines, and says what a million deliveries cost.',
  )
  .option(
    '--cold <n>',
    'cold starts of each, with a whole CPU and with the part of one of three sizes of memory',
    '30',
  )
  .option('--warm <n>', `warm deliveries of each of ${ENVIRONMENTS} environments of each`, '5000')
  .option('--also <name=directory...>', 'measure another directory with an index.mjs or index.js, too', [])
  .option('--cold-share <share>', 'for the cost: share of the deliveries that meet a cold function', '0.1')
  .option('--wait <ms>', 'for the cost: how long a warm delivery waits for SQS', '15')
  .option('--memory <mb>', 'for the cost: memory of the function', '512')
  .option(
    '--sampled <share>',
    'for the cost: share of the deliveries that X-Ray records (all up to one a second, 5 % beyond)',
    '1',
  );

const share = v.pipe(v.string(), v.regex(/^(0(\.\d+)?|1)$/, 'a number from 0 to 1'), v.transform(Number));
const { cold, warm, also, ...cost } = readOptions(
  command,
  v.object({
    cold: wholeNumber(1, 999_999),
    warm: wholeNumber(1, 999_999),
    also: v.pipe(
      v.array(v.string()),
      v.everyItem((given) => /^[^=]+=.+$/.test(given), 'name=directory for each'),
    ),
    coldShare: share,
    wait: wholeNumber(0, 999_999),
    memory: wholeNumber(128, 10_240),
    sampled: share,
  }),
);

async function run(directory: string) {
  const baselines = await buildBaselines(join(directory, 'baselines'));
  const { launch, shipped } = await startWorld(join(directory, 'shipped'));
  const others = also.map((given) => {
    const [name = '', ...path] = given.split('=');
    return variantOf(name, path.join('='));
  });
  const all = [...baselines, shipped, ...(await Promise.all(others))].map(nothingMeasured);
  const share = await createCpuShare().catch((error) => {
    console.error(`Lambda's limit of CPU time is not measured: ${sentenceOf(error)}`);
    return undefined;
  });
  await coldRounds(all, launch, cold, share).finally(share?.remove);
  await warmRounds(all, launch, warm);
  const growth = await measureGrowth(shipped, launch);

  const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`;
  const runs = `${cold} cold starts and ${ENVIRONMENTS} × ${warm} warm deliveries of each`;
  const cpu = {
    load: median(all, 'shipped', 'load, CPU ms'),
    first: median(all, 'shipped', 'first accepted delivery, CPU ms'),
    warm: median(all, 'shipped', 'warm delivery, CPU ms'),
  };
  console.log(`\n${machine}: ${runs}; median (10–90 %)\n\n${resultTable(all)}\n\n${bounds(all)}\n`);
  console.log(
    `${growthTable(growth)}\n\n${costTables({ ...cost, cpu, growth: growth.filter(({ keys }) => keys === 1) })}`,
  );
}

await main(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  await run(directory).finally(() => rm(directory, { recursive: true, force: true }));
  return 0;
});
