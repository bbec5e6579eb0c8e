/** Measures the bundle that ships beside its baselines; `node bench/main.ts --help` names the options. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import * as v from 'valibot';
import { growthTable, measureGrowth } from './growth.ts';
import { bounds, coldChart, resultOf, table } from './results.ts';
import { coldRounds, ENVIRONMENTS, warmRounds } from './rounds.ts';
import { buildVariants, variantOf } from './variants.ts';
import { startWorld } from './world.ts';

const count = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,5}$/, 'expected a whole number above 0'),
  v.transform(Number),
);
const directory = v.pipe(v.string(), v.regex(/^[^=]+=.+$/, 'expected name=directory'));
const schema = v.object({
  cold: count,
  warm: count,
  json: v.optional(v.string()),
  also: v.array(directory),
});

function readOptions() {
  const program = new Command('bench')
    .option('--cold <count>', 'cold starts of each variant', '30')
    .option(
      '--warm <count>',
      `warm deliveries of each of ${ENVIRONMENTS} environments of each variant`,
      '5000',
    )
    .option('--json <file>', 'write the figures')
    .option('--also <name=directory...>', 'measure another directory with an index.mjs or index.js, too', [])
    .parse();
  const options = v.safeParse(schema, program.opts());
  if (options.success) return options.output;
  const [issue] = options.issues;
  return program.error(`--${v.getDotPath(issue)}: ${issue.message}, got ${JSON.stringify(issue.input)}`);
}

async function run(work: string) {
  const options = readOptions();
  const { assembly, baselines } = await buildVariants(work);
  const world = await startWorld(work, assembly);
  try {
    const also = await Promise.all(
      options.also.map((given) => {
        const [name = '', ...path] = given.split('=');
        return variantOf(name, path.join('='));
      }),
    );
    const variants = [...baselines, world.shipped, ...also];
    const colds = await coldRounds(variants, world.launch, options.cold);
    const blocks = await warmRounds(variants, world.launch, options.warm);
    const results = variants.map((variant) =>
      resultOf(variant, colds.get(variant) ?? [], blocks.get(variant) ?? []),
    );
    const growth = await measureGrowth(world.shipped, world.launch);

    const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`;
    console.log(
      `\n${machine}: ${options.cold} cold starts and ${ENVIRONMENTS} × ${options.warm} warm deliveries of each; median (10–90 %)\n`,
    );
    console.log(`${table(results)}\n\n${bounds(results)}\n\n${coldChart(results)}\n\n${growthTable(growth)}`);
    if (options.json !== undefined) {
      const figures = { date: new Date().toISOString().slice(0, 10), machine, results, growth };
      await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
    }
  } finally {
    world.stop();
  }
}

const work = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  await run(work);
} finally {
  await rm(work, { recursive: true, force: true });
}
