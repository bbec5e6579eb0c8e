import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRuntime } from './build-runtime.ts';
import type { Environment, InvocationResult } from './environment.ts';
import { startEnvironment } from './environment.ts';

export interface FunctionOptions {
  /** The directory of the built code; it is copied. */
  readonly code: string;
  /** `file.export`, as Lambda takes it. */
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** How many environments may live at a time; further invocations wait. 4 when left out. */
  readonly maxEnvironments?: number;
  /** Every line that the function prints. */
  readonly onLog?: (line: string) => void;
}

export type FunctionResult = InvocationResult & {
  /** How long the environment took to start, when this invocation was its first. */
  readonly coldStartMs?: number;
};

export interface LocalFunction {
  invoke(event: unknown, traceId: string): Promise<FunctionResult>;
  /** Those that live, oldest first. */
  environments(): readonly Environment[];
  /** Kills (SIGKILL) the environment of this id, or a random one; undefined when there is none. */
  kill(id?: string): Environment | undefined;
  /** Ends the idle environments, so that the next invocation is a cold start. */
  recycle(): Promise<void>;
  stop(): Promise<void>;
}

type Waiter = (environment: Environment | undefined) => void;

/** A function as Lambda runs it: reuses an environment that is idle, else starts one, else lets the caller wait. */
export async function startFunction(options: FunctionOptions): Promise<LocalFunction> {
  const home = await mkdtemp(join(tmpdir(), 'local-function-'));
  const { runtime, variables } = await install(home, options);
  const { maxEnvironments: max = 4, onLog = () => {} } = options;
  const living = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting: Waiter[] = [];
  const starts = new Set<Promise<Environment>>();
  let stopped = false;

  const launch = () => {
    const starting = startEnvironment({
      runtime,
      variables,
      functionArn: options.functionArn,
      timeoutMs: options.timeoutMs,
      onLog,
      onIdle(environment) {
        const next = waiting.shift();
        if (next === undefined) idle.push(environment);
        else next(environment);
      },
      onEnd(environment) {
        living.delete(environment);
        // A function that cannot start would start for ever: its failure is the answer to whoever waited for it.
        if (environment.initMs === undefined) waiting.shift()?.(environment);
        supply();
      },
    });
    starts.add(starting);
    starting
      .then((environment) => {
        living.add(environment);
        if (stopped) environment.kill();
      })
      .catch((error: unknown) => {
        onLog(`No execution environment could be started: ${error}`);
        waiting.shift()?.(undefined);
      })
      .finally(() => starts.delete(starting));
  };

  /** Starts as many environments as those that wait cannot expect from the ones about to become idle. */
  const supply = () => {
    const states = [...living].map(({ state }) => state);
    const alive = states.filter((state) => state !== 'ended').length + starts.size;
    const coming =
      states.filter((state) => state === 'starting' || state === 'finishing').length + starts.size;
    const wanted = Math.min(waiting.length - coming, max - alive);
    for (let count = 0; count < wanted && !stopped; count += 1) launch();
  };

  const acquire = (): Promise<Environment | undefined> => {
    for (let environment = idle.pop(); environment !== undefined; environment = idle.pop()) {
      if (environment.state === 'idle') return Promise.resolve(environment);
    }
    return new Promise((resolve) => {
      waiting.push(resolve);
      supply();
    });
  };

  const stopEnvironments = (environments: readonly Environment[]) =>
    Promise.all(environments.map((environment) => environment.stop()));

  return {
    async invoke(event, traceId) {
      const environment = stopped ? undefined : await acquire();
      if (environment === undefined) {
        const error = {
          errorType: 'Runtime.Unavailable',
          errorMessage: 'The function was stopped or cannot start',
        };
        return { kind: 'failed', error, environment: '', requestId: '' };
      }
      const first = environment.invocations === 0;
      const result = await environment.invoke(event, traceId);
      return first && environment.initMs !== undefined
        ? { ...result, coldStartMs: environment.initMs }
        : result;
    },
    environments: () => [...living].filter(({ state }) => state !== 'ended'),
    kill(id) {
      const candidates = [...living].filter((environment) => environment.state !== 'ended');
      const chosen =
        id === undefined
          ? candidates[Math.floor(Math.random() * candidates.length)]
          : candidates.find((environment) => environment.id === id);
      chosen?.kill();
      return chosen;
    },
    async recycle() {
      await stopEnvironments([...living].filter(({ state }) => state === 'idle' || state === 'finishing'));
    },
    async stop() {
      stopped = true;
      for (const waiter of waiting.splice(0)) waiter(undefined);
      await Promise.allSettled(starts);
      await stopEnvironments([...living]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/**
 * Puts the code where no `package.json` above it decides its module format: on Lambda there is none either. The home
 * directory is the function's own, so that no AWS configuration of this machine's user reaches it.
 */
async function install(home: string, { code, handler, variables }: FunctionOptions) {
  const task = join(home, 'task');
  await cp(code, task, { recursive: true });
  const runtime = buildRuntime(new URL('./runtime.ts', import.meta.url), join(home, 'runtime.cjs'), 'cjs');
  const own = { HOME: home, LAMBDA_TASK_ROOT: task, _HANDLER: handler, TZ: ':UTC', LANG: 'en_US.UTF-8' };
  return { runtime, variables: { ...variables, ...own } };
}
