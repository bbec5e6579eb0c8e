import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { startEnvironment } from '../../local/environment.ts';
import { eventOf } from './event.ts';
import type { CpuShare } from './share.ts';
import type { Variant } from './variants.ts';
import type { Launch } from './world.ts';

/** Deliveries from one CPU reading to the next. */
export const BLOCK = 250;

const loadMark = v.object({ load: v.number(), loadCpu: v.number() });
const blockMark = v.object({ walls: v.array(v.number()), cpu: v.number(), memory: v.number() });

/** One start: milliseconds of loading and of the first accepted delivery, MiB, and periods without CPU time left. */
export type Cold = Awaited<ReturnType<typeof start>>['cold'];
/** {@link BLOCK} deliveries of a warm environment: each one's milliseconds, and the CPU milliseconds of one. */
export type Block = v.InferOutput<typeof blockMark>;

interface Circumstances {
  /** How long the body is; left out: as the sample is. */
  readonly bytes?: number;
  /** Whether it is signed with another key. */
  readonly isForged?: boolean;
  /** How many keys are stored; left out: one. */
  readonly keys?: number;
  /** Limits it after the init phase to this memory's part of a CPU; left out: it has a whole one. */
  readonly limit?: { readonly share: CpuShare; readonly memoryMb: number } | undefined;
}

const TRACE = 'Root=1-6560a2f0-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=0';

/** Starts an environment that counts time, CPU and memory, and makes its first delivery. */
export async function start({ name, entry }: Variant, launch: Launch, circumstances: Circumstances = {}) {
  const { bytes = 0, isForged = false, keys = 1, limit } = circumstances;
  const event = await eventOf(bytes, isForged);
  const status = isForged ? 401 : 200;
  const marks: unknown[] = [];
  const log: string[] = [];
  let logBytes = 0;
  const environment = startEnvironment({
    ...launch,
    timeoutMs: 10_000,
    variables: {
      ...launch.variables,
      SECRET_ID: String(keys),
      BENCH_ENTRY: entry,
      BENCH_BLOCK: String(BLOCK),
    },
    onLog(line) {
      if (line.startsWith('BENCH ')) return void marks.push(JSON.parse(line.slice('BENCH '.length)));
      logBytes += Buffer.byteLength(line) + 1;
      if (log.length < 20) log.push(line);
    },
  });

  async function untilIdle() {
    if (!(await environment.idle())) throw new Error(`${name} ended: ${log.join('\n')}`);
  }

  async function deliver() {
    await untilIdle();
    const result = await environment.invoke(event, TRACE);
    const answer = result.kind === 'answered' ? JSON.parse(result.payload) : undefined;
    if (answer?.statusCode === status) return;
    // It would keep this program alive.
    await environment.stop();
    throw new Error(`${name}: expected ${status}, got ${JSON.stringify(result)}\n${log.join('\n')}`);
  }

  async function mark<S extends v.GenericSchema>(schema: S): Promise<v.InferOutput<S>> {
    // The mark is printed before the runtime asks for more work.
    await untilIdle();
    while (marks.length === 0) await setImmediate();
    return v.parse(schema, marks.shift());
  }

  const loaded = await mark(loadMark);
  const exhausted = await limit?.share.limit(environment.pid, limit.memoryMb);
  await deliver();
  const exhaustedPeriods = (await exhausted?.()) ?? 0;
  const { walls, cpu: firstCpu, memory } = await mark(blockMark);
  const [first = Number.NaN] = walls;
  return {
    cold: { ...loaded, first, firstCpu, memory, exhausted: exhaustedPeriods },
    /** Bytes that the function has printed so far. */
    logBytes: () => logBytes,
    async block(): Promise<Block> {
      for (let count = 0; count < BLOCK; count += 1) await deliver();
      return mark(blockMark);
    },
    stop: () => environment.stop(),
  };
}
