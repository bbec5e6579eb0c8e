import { spread } from '../statistics.ts';
import { BLOCK, type Block, type Cold, start } from './measure.ts';
import type { CpuShare } from './share.ts';
import type { Variant } from './variants.ts';
import type { Launch } from './world.ts';

/** What a start is given after the init phase: a whole CPU, or the part of one that goes with so many MB. */
const CPUS = ['whole', 256, 512, 1024] as const;
export type Cpu = (typeof CPUS)[number];

/** All that was measured of one variant. */
export interface Measurements {
  readonly variant: Variant;
  readonly colds: Readonly<Record<Cpu, Cold[]>>;
  /** The blocks of each environment. */
  readonly environments: Block[][];
}

export function nothingMeasured(variant: Variant): Measurements {
  return { variant, colds: { whole: [], 256: [], 512: [], 1024: [] }, environments: [] };
}

/** Starts every variant in turn, `count` times. In turn, so that whatever else the machine does meets all of them alike. */
export async function coldRounds(
  all: readonly Measurements[],
  launch: Launch,
  count: number,
  share: CpuShare | undefined,
) {
  for (let round = 0; round < count; round += 1) {
    for (const cpu of share === undefined ? CPUS.slice(0, 1) : CPUS) {
      const limit = share !== undefined && cpu !== 'whole' ? { share, memoryMb: cpu } : undefined;
      for (const { variant, colds } of all) {
        const environment = await start(variant, launch, { limit });
        await environment.stop();
        colds[cpu].push(environment.cold);
      }
    }
  }
}

/** Environments of each variant that are measured warm, one after another: where one's memory ends is partly chance. */
export const ENVIRONMENTS = 3;

/** Delivers to every variant in turn, a block at a time, until each had at least `count`; the first block is not counted. */
export async function warmRounds(all: readonly Measurements[], launch: Launch, count: number) {
  for (let round = 0; round < ENVIRONMENTS; round += 1) {
    const running: { environment: Awaited<ReturnType<typeof start>>; blocks: Block[] }[] = [];
    try {
      for (const { variant, environments } of all) {
        const blocks: Block[] = [];
        environments.push(blocks);
        running.push({ environment: await start(variant, launch), blocks });
      }
      for (const { environment } of running) await environment.block();
      for (let done = 0; done < count; done += BLOCK) {
        for (const { environment, blocks } of running) blocks.push(await environment.block());
      }
    } finally {
      await Promise.all(running.map(({ environment }) => environment.stop()));
    }
  }
}

/** 1 KB, 10 KB, 100 KB, and nearly all that one message may hold with its attributes: 1 MiB. */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** The most is what the receiver takes. */
const KEYS = [1, 5, 20];
const GROWTH_BLOCKS = 2;

/** A warm delivery of one size. Times in ms, memory in MiB. */
export type Growth = Awaited<ReturnType<typeof measureGrowth>>[number];

/** How a warm delivery grows: with its body, when it is forged, and with the keys that are stored. */
export async function measureGrowth(variant: Variant, launch: Launch) {
  const kinds = KEYS.flatMap((keys) =>
    [false, true].flatMap((isForged) => SIZES.map((bytes) => ({ bytes, isForged, keys }))),
  );
  const growth = [];
  for (const kind of kinds) {
    const environment = await start(variant, launch, kind);
    await environment.block();
    const logged = environment.logBytes();
    const blocks: Block[] = [];
    for (let count = 0; count < GROWTH_BLOCKS; count += 1) blocks.push(await environment.block());
    const logBytes = (environment.logBytes() - logged) / (GROWTH_BLOCKS * BLOCK);
    await environment.stop();
    growth.push({
      ...kind,
      body: `${kind.bytes / 1000} KB${kind.isForged ? ', forged' : ''}`,
      cpu: spread(blocks.map(({ cpu }) => cpu)).median,
      wall: spread(blocks.flatMap(({ walls }) => walls)).median,
      memory: Math.max(...blocks.map(({ memory }) => memory)),
      /** What the function prints for one delivery. */
      logBytes: Math.round(logBytes),
    });
  }
  return growth;
}
