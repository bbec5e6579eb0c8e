import { spread } from '../statistics.ts';
import {
  BLOCK,
  type Block,
  type Circumstances,
  type Cold,
  type Launch,
  type Measured,
  start,
} from './measure.ts';
import type { CpuShare } from './share.ts';
import type { Variant } from './variants.ts';

/** The function's memory, in MB, whose part of a CPU is tried. */
const MEMORIES = [256, 512, 1024] as const;
export type LimitedMemory = (typeof MEMORIES)[number];

/** All that was measured of one variant. */
export interface Measurements {
  readonly variant: Variant;
  /** With a whole CPU. */
  readonly colds: Cold[];
  /** With the part of a CPU that this memory has after the init phase. */
  readonly limited: Readonly<Record<LimitedMemory, Cold[]>>;
  /** The blocks of each environment. */
  readonly environments: Block[][];
}

export function nothingMeasured(variant: Variant): Measurements {
  return { variant, colds: [], limited: { 256: [], 512: [], 1024: [] }, environments: [] };
}

/** Starts every variant in turn, `count` times. In turn, so that whatever else the machine does meets all of them alike. */
export async function coldRounds(
  all: readonly Measurements[],
  launch: Launch,
  count: number,
  share: CpuShare | undefined,
) {
  for (let round = 0; round < count; round += 1) {
    for (const { variant, colds } of all) colds.push(await startOnce(variant, launch));
    if (share === undefined) continue;
    for (const memoryMb of MEMORIES) {
      for (const { variant, limited } of all) {
        limited[memoryMb].push(await startOnce(variant, launch, { limited: { share, memoryMb } }));
      }
    }
  }
}

async function startOnce(...given: Parameters<typeof start>): Promise<Cold> {
  const environment = await start(...given);
  await environment.stop();
  return environment.cold;
}

/** Environments of each variant that are measured warm, one after another: where one's memory ends is partly chance. */
export const ENVIRONMENTS = 3;

/** Delivers to every variant in turn, a block at a time, until each had `count`; the first block is not counted. */
export async function warmRounds(all: readonly Measurements[], launch: Launch, count: number) {
  for (let round = 0; round < ENVIRONMENTS; round += 1) {
    const running: [Measured, Block[]][] = [];
    try {
      for (const { variant, environments } of all) {
        const blocks: Block[] = [];
        environments.push(blocks);
        running.push([await start(variant, launch), blocks]);
      }
      for (const [environment] of running) await environment.block();
      for (let done = 0; done < count; done += BLOCK) {
        for (const [environment, blocks] of running) blocks.push(await environment.block());
      }
    } finally {
      await Promise.all(running.map(([environment]) => environment.stop()));
    }
  }
}

/** 1 KB, 10 KB, 100 KB, and nearly all that one message may hold with its attributes: 1 MiB. */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** The most is what the receiver takes. */
const KEYS = [1, 5, 20];
const GROWTH_BLOCKS = 2;

/** A warm delivery of one size. Times in ms, memory in MiB. */
export type Growth = Awaited<ReturnType<typeof measureOne>>;

/** How a warm delivery grows: with its body, when it is forged, and with the keys that are stored. */
export async function measureGrowth(variant: Variant, launch: Launch): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const keys of KEYS) {
    for (const isForged of [false, true]) {
      for (const bytes of SIZES) growth.push(await measureOne(variant, launch, { bytes, isForged, keys }));
    }
  }
  return growth;
}

async function measureOne(
  variant: Variant,
  launch: Launch,
  { bytes, isForged, keys }: Required<Pick<Circumstances, 'bytes' | 'isForged' | 'keys'>>,
) {
  const environment = await start(variant, launch, { bytes, isForged, keys });
  await environment.block();
  const logged = environment.logBytes();
  const blocks: Block[] = [];
  for (let count = 0; count < GROWTH_BLOCKS; count += 1) blocks.push(await environment.block());
  const logBytes = (environment.logBytes() - logged) / (GROWTH_BLOCKS * BLOCK);
  await environment.stop();
  return {
    body: `${bytes / 1000} KB${isForged ? ', forged' : ''}`,
    bytes,
    isForged,
    keys,
    cpu: spread(blocks.map(({ cpu }) => cpu)).median,
    wall: spread(blocks.flatMap(({ walls }) => walls)).median,
    memory: Math.max(...blocks.map(({ memory }) => memory)),
    /** What the function prints for one delivery. */
    logBytes: Math.round(logBytes),
  };
}
