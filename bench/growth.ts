import { bodyOf, deliveryOf } from './delivery.ts';
import { type Launch, start } from './measure.ts';
import { warmRounds } from './rounds.ts';
import { spread } from './statistics.ts';
import type { Variant } from './variants.ts';

/** One KB, ten, a hundred, and close to what one message may be with its attributes: 1 MiB. */
const SIZES = [1_000, 10_000, 100_000, 1_000_000];

/** How a warm delivery of the receiver grows: with its body, and when it is forged. CPU and wall in ms. */
export interface Growth {
  readonly bytes: number;
  readonly forged: boolean;
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
}

export async function measureGrowth(variant: Variant, launch: Launch): Promise<Growth[]> {
  const growth: Growth[] = [];
  for (const forged of [false, true]) {
    for (const bytes of SIZES) {
      const event = deliveryOf(bodyOf(bytes), { forged });
      const status = forged ? 401 : 200;
      const blocks = await warmRounds([variant], launch, 500, () => start(variant, launch, event, status));
      const measured = blocks.get(variant) ?? [];
      growth.push({
        bytes,
        forged,
        cpu: spread(measured.map(({ cpu }) => cpu)).median,
        wall: spread(measured.flatMap(({ walls }) => walls)).median,
        memory: Math.max(...measured.map(({ memory }) => memory)),
      });
    }
  }
  return growth;
}

export function growthTable(growth: readonly Growth[]): string {
  const rows = growth.map(
    ({ bytes, forged, cpu, wall, memory }) =>
      `| ${bytes / 1000} KB${forged ? ', forged' : ''} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${memory.toFixed(0)} |`,
  );
  return ['| body | CPU ms | wall ms | peak memory, MiB |', '| --- | ---: | ---: | ---: |', ...rows].join(
    '\n',
  );
}
