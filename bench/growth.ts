import { bodyOf, deliveryOf } from './delivery.ts';
import { BLOCK, type Block, type Launch, start } from './measure.ts';
import { spread } from './statistics.ts';
import type { Variant } from './variants.ts';

/** 1 KB, 10 KB, 100 KB, and nearly all that one message may hold with its attributes: 1 MiB. */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const BLOCKS = 3;

/** How a warm delivery of the receiver grows: with its body, and when it is forged. Times in ms, memory in MiB. */
export interface Growth {
  readonly bytes: number;
  readonly forged: boolean;
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
  /** What the function prints for one delivery. */
  readonly logBytes: number;
}

export async function measureGrowth(variant: Variant, launch: Launch): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const forged of [false, true]) {
    for (const bytes of SIZES) growth.push(await measureOne(variant, launch, bytes, forged));
  }
  return growth;
}

async function measureOne(variant: Variant, launch: Launch, bytes: number, forged: boolean): Promise<Growth> {
  const environment = await start(variant, launch, deliveryOf(bodyOf(bytes), { forged }), forged ? 401 : 200);
  await environment.block();
  const logged = environment.logBytes();
  const blocks: Block[] = [];
  for (let count = 0; count < BLOCKS; count += 1) blocks.push(await environment.block());
  const logBytes = (environment.logBytes() - logged) / (BLOCKS * BLOCK);
  await environment.stop();
  return {
    bytes,
    forged,
    cpu: spread(blocks.map(({ cpu }) => cpu)).median,
    wall: spread(blocks.flatMap(({ walls }) => walls)).median,
    memory: Math.max(...blocks.map(({ memory }) => memory)),
    logBytes: Math.round(logBytes),
  };
}

export function growthTable(growth: readonly Growth[]): string {
  const rows = growth.map(
    ({ bytes, forged, cpu, wall, memory, logBytes }) =>
      `| ${bytes / 1000} KB${forged ? ', forged' : ''} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${memory.toFixed(0)} | ${logBytes} |`,
  );
  const header = '| body | CPU ms | wall ms | peak memory, MiB | log, bytes |';
  return [header, '| --- | ---: | ---: | ---: | ---: |', ...rows].join('\n');
}
