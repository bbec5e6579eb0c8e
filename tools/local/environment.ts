import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on } from 'node:events';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import type { Invocation } from './runtime-loop.ts';

export interface EnvironmentOptions {
  /** The runtime program, in JavaScript. */
  readonly runtime: string;
  /** Everything that the process gets; nothing of this process's own environment is added. */
  readonly variables: Readonly<Record<string, string>>;
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Every line that the process prints. */
  readonly onLog: (line: string) => void;
}

/** It is checked, because the function's own code runs in that process, too. `ready`: the runtime asks for work. */
const runtimeMessage = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('answered'), payload: v.string() }),
  v.object({
    kind: v.literal('failed'),
    error: v.object({ errorType: v.string(), errorMessage: v.string() }),
  }),
]);

/** What the runtime tells its parent. */
export type RuntimeMessage = v.InferOutput<typeof runtimeMessage>;

export type InvocationResult = (
  | Exclude<RuntimeMessage, { kind: 'ready' }>
  | { readonly kind: 'timedOut' }
) & {
  readonly environment: string;
  /** The invocation's, as the function's log has it. */
  readonly requestId: string;
};

export type Environment = ReturnType<typeof startEnvironment>;

/** Lambda gives up on an initialization that takes longer. */
const INIT_LIMIT_MS = 10_000;

/** One execution environment of Lambda: a process of its own that handles one event at a time until it ends. */
export function startEnvironment(options: EnvironmentOptions) {
  const { runtime, variables, functionArn, timeoutMs, onLog } = options;
  const id = randomUUID();
  /** `preparing`: the runtime has not asked for work yet. */
  let state: 'preparing' | 'idle' | 'busy' | 'ended' = 'preparing';
  /** Why the process has ended. */
  let error = { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited' };

  // Not this process's own flags: a loader among them would run in the function, too.
  const child = fork(runtime, {
    env: { ...variables },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', onLog);
  }
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      state = 'ended';
      const why = signal === null ? `exit status ${code}` : `signal: ${signal}`;
      if (error.errorType === 'Runtime.ExitError') error.errorMessage = `Runtime exited with error: ${why}`;
      resolve();
    });
  });
  const kill = () => {
    state = 'ended';
    child.kill('SIGKILL');
  };
  const initLimit = setTimeout(() => {
    error = { errorType: 'Sandbox.Timedout', errorMessage: 'Init timed out after 10 seconds' };
    kill();
  }, INIT_LIMIT_MS);

  const messages = on(child, 'message', { close: ['close'] });
  /** What the runtime tells next; undefined when the process has ended instead. */
  async function next(): Promise<RuntimeMessage | undefined> {
    const { done, value } = await messages.next();
    if (done) return undefined;
    const { success, output } = v.safeParse(runtimeMessage, value[0]);
    return success ? output : next();
  }
  async function prepare(): Promise<void> {
    if (state === 'busy') state = 'preparing';
    const told = await next();
    clearTimeout(initLimit);
    if (told?.kind === 'failed') error = told.error;
    else if (told?.kind === 'ready' && state === 'preparing') state = 'idle';
  }
  let prepared = prepare();

  return {
    id,
    pid: child.pid ?? 0,
    get state() {
      return state;
    },
    /** Waits until the runtime asks for work; false when the process has ended instead. */
    async idle(): Promise<boolean> {
      await prepared;
      if (state !== 'idle') await closed;
      return state === 'idle';
    },
    /** Handles an event when it is idle; never rejects. */
    async invoke(event: unknown, traceId: string): Promise<InvocationResult> {
      const requestId = randomUUID();
      const about = { environment: id, requestId };
      if (state !== 'idle') return { kind: 'failed', error, ...about };
      state = 'busy';
      const deadline = Date.now() + timeoutMs;
      const payload = JSON.stringify(event);
      const invocation: Invocation = { requestId, payload, traceId, functionArn, deadline };
      // If it does not arrive, the process is gone, which fails the invocation.
      child.send(invocation, () => {});
      const outcome = next();
      prepared = outcome.then(prepare);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        onLog(`${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
        kill();
      }, timeoutMs);
      const told = await outcome;
      clearTimeout(timer);
      if (isLate) return { kind: 'timedOut', ...about };
      if (told === undefined || told.kind === 'ready') return { kind: 'failed', error, ...about };
      return { ...told, ...about };
    },
    /** Ends the process at once, whatever it is doing; an invocation under way fails. */
    kill,
    /** Like `kill`, and waits until the process is gone. */
    async stop(): Promise<void> {
      kill();
      await closed;
    },
  };
}
