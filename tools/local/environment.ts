import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { RuntimeApi, RuntimeError } from './runtime-api.ts';
import { startRuntimeApi } from './runtime-api.ts';

export interface EnvironmentOptions {
  /** The runtime program, in JavaScript. */
  readonly runtime: string;
  /** Everything that the process gets; nothing of this process's own environment is added. */
  readonly variables: Readonly<Record<string, string>>;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly onLog: (line: string) => void;
  /** The runtime asks for work for the first time, or again after an invocation. */
  readonly onIdle: (environment: Environment) => void;
  /** The process is gone; called once. */
  readonly onEnd: (environment: Environment) => void;
}

type InvocationOutcome =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: RuntimeError }
  | { readonly kind: 'timedOut' };

export type InvocationResult = InvocationOutcome & {
  readonly environment: string;
  /** The invocation's, as the function's log has it. */
  readonly requestId: string;
};

/** One execution environment of Lambda: a process of its own that handles one invocation at a time until it ends. */
export interface Environment {
  readonly id: string;
  readonly pid: number | undefined;
  /** `finishing`: has answered, but not asked for work again yet. */
  readonly state: 'starting' | 'idle' | 'busy' | 'finishing' | 'ended';
  /** From the start of the process until its runtime first asked for work; undefined until then. */
  readonly initMs: number | undefined;
  readonly invocations: number;
  /** Handles one event; never rejects. */
  invoke(event: unknown, traceId: string): Promise<InvocationResult>;
  /** Ends the process at once, whatever it is doing; an invocation under way fails. */
  kill(): void;
  /** Like {@link kill}, and waits until the process is gone. */
  stop(): Promise<void>;
}

/** Lambda gives up on an initialization that takes longer. */
const INIT_LIMIT_MS = 10_000;

export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const id = randomUUID();
  const exited = Promise.withResolvers<void>();
  let state: Environment['state'] = 'starting';
  let initMs: number | undefined;
  let invocations = 0;
  let failure: RuntimeError | undefined;
  let current: { requestId: string; settle: (outcome: InvocationOutcome) => void } | undefined;

  let timer: NodeJS.Timeout | undefined;

  const finish = (outcome: InvocationOutcome) => {
    current?.settle(outcome);
    current = undefined;
    if (state === 'busy') state = 'finishing';
  };
  const kill = () => {
    state = 'ended';
    child.kill('SIGKILL');
  };

  const api: RuntimeApi = await startRuntimeApi({
    ready() {
      if (state === 'ended') return;
      initMs ??= performance.now() - startedAt;
      clearTimeout(timer);
      state = 'idle';
      options.onIdle(environment);
    },
    answered(requestId, payload) {
      if (requestId === current?.requestId) finish({ kind: 'answered', payload });
    },
    failed(requestId, error) {
      if (requestId === current?.requestId) finish({ kind: 'failed', error });
    },
    initFailed(error) {
      failure = error;
    },
  });

  const startedAt = performance.now();
  timer = setTimeout(() => {
    failure = {
      errorType: 'Sandbox.Timedout',
      errorMessage: `Init timed out after ${INIT_LIMIT_MS / 1000} seconds`,
    };
    kill();
  }, INIT_LIMIT_MS);
  const child = spawn(process.execPath, [options.runtime], {
    env: { ...options.variables, AWS_LAMBDA_RUNTIME_API: api.address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', options.onLog);
  child.once('error', (error) => {
    failure = { errorType: 'Runtime.Spawn', errorMessage: error.message };
  });
  child.once('close', async (code, signal) => {
    clearTimeout(timer);
    state = 'ended';
    failure ??= {
      errorType: 'Runtime.ExitError',
      errorMessage: `Runtime exited with error: ${signal === null ? `exit status ${code}` : `signal: ${signal}`}`,
    };
    finish({ kind: 'failed', error: failure });
    options.onEnd(environment);
    await api.stop();
    exited.resolve();
  });

  const environment: Environment = {
    id,
    get pid() {
      return child.pid;
    },
    get state() {
      return state;
    },
    get initMs() {
      return initMs;
    },
    get invocations() {
      return invocations;
    },
    async invoke(event, traceId) {
      const requestId = randomUUID();
      if (state !== 'idle') {
        const error = failure ?? {
          errorType: 'Runtime.Unavailable',
          errorMessage: `The environment is ${state}`,
        };
        return { kind: 'failed', error, environment: id, requestId };
      }
      const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
      current = { requestId, settle: resolve };
      state = 'busy';
      invocations += 1;
      const { functionArn, timeoutMs } = options;
      api.give({
        requestId,
        payload: JSON.stringify(event),
        traceId,
        functionArn,
        deadline: Date.now() + timeoutMs,
      });
      timer = setTimeout(() => {
        options.onLog(`${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
        kill();
        finish({ kind: 'timedOut' });
      }, timeoutMs);
      return { ...(await promise), environment: id, requestId };
    },
    kill,
    stop() {
      kill();
      return exited.promise;
    },
  };
  return environment;
}
