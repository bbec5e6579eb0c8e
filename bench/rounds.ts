import { BLOCK, type Block, type Cold, type Launch, type Measured, start } from './measure.ts';
import type { Variant } from './variants.ts';

/**
 * Starts every variant in turn, `count` times. In turn, so that whatever else the machine does meets all of them alike.
 */
export async function coldRounds(variants: readonly Variant[], launch: Launch, count: number) {
  const colds = new Map<Variant, Cold[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < count; round += 1) {
    for (const variant of variants) {
      const environment = await start(variant, launch);
      await environment.stop();
      colds.get(variant)?.push(environment.cold);
    }
  }
  return colds;
}

/** Environments of each variant that are measured warm, one after another: where one's memory ends is partly chance. */
export const ENVIRONMENTS = 3;

/** The blocks of each environment. */
export async function warmRounds(variants: readonly Variant[], launch: Launch, count: number) {
  const blocks = new Map<Variant, (readonly Block[])[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < ENVIRONMENTS; round += 1) {
    for (const [variant, measured] of await warmRound(variants, launch, count)) {
      blocks.get(variant)?.push(measured);
    }
  }
  return blocks;
}

/** Delivers to every variant in turn, a block at a time, until each had `count`; the first block is not counted. */
async function warmRound(variants: readonly Variant[], launch: Launch, count: number) {
  const environments: [Variant, Measured, Block[]][] = [];
  try {
    for (const variant of variants) environments.push([variant, await start(variant, launch), []]);
    for (const [, environment] of environments) await environment.block();
    for (let done = 0; done < count; done += BLOCK) {
      for (const [, environment, blocks] of environments) blocks.push(await environment.block());
    }
  } finally {
    await Promise.all(environments.map(([, environment]) => environment.stop()));
  }
  return environments.map(([variant, , blocks]): [Variant, readonly Block[]] => [variant, blocks]);
}
