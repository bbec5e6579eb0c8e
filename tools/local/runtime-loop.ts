/** What Lambda's own runtime does with the handler. Its work comes from the parent process, see environment.ts. */
import type { RuntimeMessage } from './environment.ts';
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
    await tell(failed(error));
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
      message = failed(error);
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

function failed(error: unknown): RuntimeMessage {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'failed', error: { errorType: name, errorMessage: message } };
}

function contextOf({ requestId, functionArn, deadline }: Invocation): Record<string, unknown> {
  return {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
