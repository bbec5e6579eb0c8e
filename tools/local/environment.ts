import { type ForkOptions, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import type { Invocation, RuntimeMessage } from './runtime-loop.ts';

interface EnvironmentOptions {
  /** The runtime program, in JavaScript. */
  readonly runtime: string;
  /** Everything that the process gets; nothing of this process's own environment is added. */
  readonly variables: Readonly<Record<string, string>>;
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Every line that the process prints. */
  readonly onLog: (line: string) => void;
}

type InvocationOutcome = Exclude<RuntimeMessage, { kind: 'ready' }> | { readonly kind: 'timedOut' };

export type InvocationResult = InvocationOutcome & {
  readonly environment: string;
  /** The invocation's, as the function's log has it. */
  readonly requestId: string;
};

/** One execution environment of Lambda: a process of its own that handles one event at a time until it ends. */
export interface Environment {
  readonly id: string;
  /** `finishing`: has answered, but not asked for work again yet. */
  readonly state: 'starting' | 'idle' | 'busy' | 'finishing' | 'ended';
  /** From the start of the process until its runtime first asked for work; undefined until then. */
  readonly initMs: number | undefined;
  readonly invocations: number;
  /** Waits until the runtime asks for work; false when the process has ended instead. */
  idle(): Promise<boolean>;
  /** Handles an event when it is idle; never rejects. */
  invoke(event: unknown, traceId: string): Promise<InvocationResult>;
  /** Ends the process at once, whatever it is doing; an invocation under way fails. */
  kill(): void;
  /** Like {@link kill}, and waits until the process is gone. */
  stop(): Promise<void>;
}

/** Lambda gives up on an initialization that takes longer. */
const INIT_LIMIT_MS = 10_000;

/** The function's own code runs in the process, too. */
const runtimeMessage = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('answered'), payload: v.string() }),
  v.object({
    kind: v.literal('failed'),
    error: v.object({ errorType: v.string(), errorMessage: v.string() }),
  }),
]) satisfies v.GenericSchema<unknown, RuntimeMessage>;

export function startEnvironment(options: EnvironmentOptions): Environment {
  const { runtime, variables, functionArn, timeoutMs, onLog } = options;
  const id = randomUUID();
  const ended = Promise.withResolvers<false>();
  let ready = Promise.withResolvers<true>();
  let settle: ((outcome: InvocationOutcome) => void) | undefined;
  let state: Environment['state'] = 'starting';
  let initMs: number | undefined;
  let invocations = 0;
  let error = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' };

  const finish = (outcome: InvocationOutcome) => {
    clearTimeout(timer);
    settle?.(outcome);
    settle = undefined;
    if (state === 'busy') state = 'finishing';
  };
  const kill = () => {
    state = 'ended';
    child.kill('SIGKILL');
  };

  const startedAt = performance.now();
  // Not this process's own flags: a loader among them would run in the function, too.
  const settings: ForkOptions = { env: { ...variables }, execArgv: [] };
  const child = fork(runtime, { ...settings, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let timer = setTimeout(() => {
    error = { errorType: 'Sandbox.Timedout', errorMessage: 'Init timed out after 10 seconds' };
    kill();
  }, INIT_LIMIT_MS);
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', onLog);
  }
  child.on('message', (message) => {
    const { success, output: told } = v.safeParse(runtimeMessage, message);
    if (!success || state === 'ended') return;
    if (told.kind === 'failed' && state === 'starting') error = told.error;
    if (told.kind !== 'ready') return finish(told);
    clearTimeout(timer);
    initMs ??= performance.now() - startedAt;
    state = 'idle';
    ready.resolve(true);
  });
  child.on('error', ({ message: errorMessage }) => {
    error = { errorType: 'Runtime.Spawn', errorMessage };
  });
  child.once('close', (code, signal) => {
    const why = signal === null ? `exit status ${code}` : `signal: ${signal}`;
    if (error.errorType === 'Runtime.ExitError') error.errorMessage = `Runtime exited with error: ${why}`;
    finish({ kind: 'failed', error });
    state = 'ended';
    ended.resolve(false);
  });

  return {
    id,
    get state() {
      return state;
    },
    get initMs() {
      return initMs;
    },
    get invocations() {
      return invocations;
    },
    idle: async () => (await Promise.race([ended.promise, ready.promise])) && state === 'idle',
    async invoke(event, traceId) {
      const requestId = randomUUID();
      if (state !== 'idle') return { kind: 'failed', error, environment: id, requestId };
      ready = Promise.withResolvers();
      const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
      settle = resolve;
      state = 'busy';
      invocations += 1;
      const deadline = Date.now() + timeoutMs;
      const payload = JSON.stringify(event);
      const invocation: Invocation = { requestId, payload, traceId, functionArn, deadline };
      // If it does not arrive, the process is gone, which fails the invocation.
      child.send(invocation, () => {});
      timer = setTimeout(() => {
        onLog(`${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
        kill();
        finish({ kind: 'timedOut' });
      }, timeoutMs);
      return { ...(await promise), environment: id, requestId };
    },
    kill,
    async stop() {
      kill();
      await ended.promise;
    },
  };
}
