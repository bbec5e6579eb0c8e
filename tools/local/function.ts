import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRuntime } from './build-runtime.ts';
import {
  type Environment,
  type EnvironmentOptions,
  type InvocationResult,
  startEnvironment,
} from './environment.ts';

export interface FunctionOptions extends Omit<EnvironmentOptions, 'runtime'> {
  /** The directory of the built code; it is copied. */
  readonly code: string;
  /** `file.export`, as Lambda takes it. */
  readonly handler: string;
  /** How many environments may live at a time; further invocations wait. 4 when left out. */
  readonly maxEnvironments?: number | undefined;
}

export type FunctionResult = InvocationResult & {
  /** How long the environment took to start, when this invocation was its first. */
  readonly coldStartMs?: number;
};

export type LocalFunction = Awaited<ReturnType<typeof startFunction>>;

/** Room for one environment, which handles one invocation at a time. */
interface Slot {
  environment?: Environment;
}

/** A function as Lambda runs it: reuses an environment that is free, else starts one, else lets the caller wait. */
export async function startFunction(options: FunctionOptions) {
  const home = await mkdtemp(join(tmpdir(), 'local-function-'));
  const installed = await install(home, options);
  const slots = Array.from({ length: options.maxEnvironments ?? 4 }, (): Slot => ({}));
  /** The one that was used last is the last. */
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  let stopped = false;

  return {
    async invoke(event: unknown, traceId: string): Promise<FunctionResult> {
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      try {
        const { environment } = slot;
        if (environment && (await environment.idle())) return await environment.invoke(event, traceId);
        if (stopped) return STOPPED;
        const startedAt = performance.now();
        const started = startEnvironment({ ...options, ...installed });
        slot.environment = started;
        await started.idle();
        const coldStartMs = performance.now() - startedAt;
        return { ...(await started.invoke(event, traceId)), coldStartMs };
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(slot);
        else next(slot);
      }
    },
    /** Those that live. */
    environments: (): readonly Environment[] =>
      slots.flatMap(({ environment }) => environment ?? []).filter(({ state }) => state !== 'ended'),
    /** Ends the environments that handle nothing, so that the next invocation is a cold start. */
    async recycle(): Promise<void> {
      await Promise.all(free.map(({ environment }) => environment?.stop()));
    },
    /** What is under way fails, and everything after that. */
    async stop(): Promise<void> {
      stopped = true;
      await Promise.all(slots.map(({ environment }) => environment?.stop()));
      await rm(home, { recursive: true, force: true });
    },
  };
}

const STOPPED: FunctionResult = {
  kind: 'failed',
  error: { errorType: 'Runtime.Unavailable', errorMessage: 'The function was stopped' },
  environment: '',
  requestId: '',
};

/**
 * Puts the code where no `node_modules` above it has what the bundle lacks: on Lambda there is none either. The home
 * directory is the function's own, so that no AWS configuration of this machine's user reaches it.
 */
async function install(home: string, { code, handler, variables }: FunctionOptions) {
  const task = join(home, 'task');
  await cp(code, task, { recursive: true });
  const runtime = buildRuntime(new URL('./runtime.ts', import.meta.url), join(home, 'runtime.cjs'), 'cjs');
  const own = { HOME: home, LAMBDA_TASK_ROOT: task, _HANDLER: handler, TZ: ':UTC', LANG: 'en_US.UTF-8' };
  return { runtime, variables: { ...variables, ...own } };
}
