import * as v from 'valibot';
import { type Environment, startEnvironment } from '../tools/local/environment.ts';
import { deliveryOf } from './delivery.ts';
import type { Variant } from './variants.ts';

/** Deliveries from one CPU reading to the next. */
export const BLOCK = 250;

const coldMark = v.object({
  load: v.number(),
  first: v.number(),
  cold: v.number(),
  loadCpu: v.number(),
  coldCpu: v.number(),
  memory: v.number(),
});
const blockMark = v.object({ walls: v.array(v.number()), cpu: v.number(), memory: v.number() });

/** Milliseconds and MiB of one start: loading, the first accepted delivery, and both. */
export type Cold = v.InferOutput<typeof coldMark>;
/** {@link BLOCK} deliveries of a warm environment: each one's milliseconds, and the CPU milliseconds of one. */
export type Block = v.InferOutput<typeof blockMark>;

export interface Launch {
  readonly runtime: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly functionArn: string;
}

/** An environment that counts time, CPU and memory. */
export interface Measured {
  readonly cold: Cold;
  /** Bytes that the function has printed so far. */
  logBytes(): number;
  /** One block of deliveries. */
  block(event?: unknown): Promise<Block>;
  stop(): Promise<void>;
}

const TRACE = 'Root=1-6560a2f0-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=0';
const EVENT = deliveryOf();

/** Starts an environment and makes its first delivery, which must be answered with `status`. */
export async function start(
  variant: Variant,
  launch: Launch,
  event: unknown = EVENT,
  status = 200,
): Promise<Measured> {
  const marks: unknown[] = [];
  const log: string[] = [];
  let logBytes = 0;
  const environment: Environment = startEnvironment({
    runtime: launch.runtime,
    functionArn: launch.functionArn,
    timeoutMs: 10_000,
    variables: {
      ...launch.variables,
      BENCH_ENTRY: variant.entry,
      BENCH_BLOCK: String(BLOCK),
    },
    onLog(line) {
      if (line.startsWith('BENCH ')) marks.push(JSON.parse(line.slice('BENCH '.length)));
      else {
        logBytes += Buffer.byteLength(line) + 1;
        if (log.length < 20) log.push(line);
      }
    },
  });

  async function untilIdle() {
    if (!(await environment.idle())) throw new Error(`${variant.name} ended: ${log.join('\n')}`);
  }

  async function deliver(given: unknown) {
    await untilIdle();
    const result = await environment.invoke(given, TRACE);
    const answer = result.kind === 'answered' ? JSON.parse(result.payload) : undefined;
    if (answer?.statusCode !== status) {
      throw new Error(
        `${variant.name}: expected ${status}, got ${JSON.stringify(result)}\n${log.join('\n')}`,
      );
    }
  }

  async function mark<S extends v.GenericSchema>(schema: S): Promise<v.InferOutput<S>> {
    // The mark is printed before the runtime asks for more work.
    await untilIdle();
    while (marks.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return v.parse(schema, marks.shift());
  }

  await deliver(event);
  return {
    cold: await mark(coldMark),
    logBytes: () => logBytes,
    async block(given = event) {
      for (let count = 0; count < BLOCK; count += 1) await deliver(given);
      return mark(blockMark);
    },
    stop: () => environment.stop(),
  };
}
