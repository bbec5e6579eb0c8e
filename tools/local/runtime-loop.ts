/** What Lambda's own runtime does with the handler. Its work comes from the parent process, see environment.ts. */
import { lambdaConsole } from './lambda-console.ts';

export type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

/** An event, as JSON, and what the runtime tells the handler of it. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly traceId: string;
  readonly functionArn: string;
  /** In milliseconds since 1970. */
  readonly deadline: number;
}

interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What the runtime tells its parent. `ready`: it asks for work. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: RuntimeError };

/** Is told when an event has come, and when its answer is ready to be sent. */
interface Stopwatch {
  received(): void;
  answered(): void;
}

/** Loads the handler and has it answer one event after the other, for as long as the parent lives. */
export async function serveHandler(load: () => Promise<Handler>, stopwatch?: Stopwatch): Promise<void> {
  let requestId = '-';
  lambdaConsole(() => requestId);
  process.once('disconnect', () => process.exit(1));
  let handler: Handler;
  try {
    handler = await load();
  } catch (error) {
    console.error(error);
    await tell({ kind: 'failed', error: errorOf(error) });
    process.exit(1);
  }
  for (;;) {
    const invocation = await next();
    stopwatch?.received();
    ({ requestId } = invocation);
    process.env._X_AMZN_TRACE_ID = invocation.traceId;
    let message: RuntimeMessage;
    try {
      const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
      message = { kind: 'answered', payload: JSON.stringify(result) ?? 'null' };
    } catch (error) {
      message = { kind: 'failed', error: errorOf(error) };
    }
    stopwatch?.answered();
    await tell(message);
  }
}

/** Only while the runtime waits for work does the parent keep the process alive, as on Lambda. */
async function next(): Promise<Invocation> {
  const invocation = new Promise<Invocation>((resolve) => process.once('message', resolve));
  process.channel?.ref();
  await tell({ kind: 'ready' });
  return invocation.finally(() => process.channel?.unref());
}

function tell(message: RuntimeMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

function errorOf(error: unknown): RuntimeError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { errorType: name, errorMessage: message };
}

function contextOf({ requestId, functionArn, deadline }: Invocation): Record<string, unknown> {
  const { env } = process;
  return {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
