/**
 * The program inside an execution environment: what Lambda's own Node.js runtime does between the Runtime API and the
 * handler. The pool turns it into CommonJS first: that way it starts in half the time.
 */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lambdaConsole } from './lambda-console.ts';

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

interface Reply {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

function call(method: string, path: string, payload = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${api}${path}`, { method, headers: { 'content-type': 'application/json' } });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.end(payload);
  });
}

function describe(error: unknown): string {
  return error instanceof Error
    ? JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') })
    : JSON.stringify({ errorType: 'Error', errorMessage: String(error), trace: [] });
}

async function load(): Promise<Handler> {
  const [file = '', exported = ''] = (process.env._HANDLER ?? '').split('.');
  const path = join(process.env.LAMBDA_TASK_ROOT ?? '', file);
  const found = ['', '.js', '.mjs', '.cjs'].map((extension) => path + extension).find(existsSync);
  const loaded: unknown = await import(pathToFileURL(found ?? path).href);
  // Of a CommonJS file Node.js may not see by what names it exports.
  const handler: unknown = [loaded, Reflect.get(Object(loaded), 'default')]
    .map((exports) => Reflect.get(Object(exports), exported))
    .find((value) => value !== undefined);
  if (typeof handler === 'function')
    return (event, context) => Reflect.apply(handler, undefined, [event, context]);
  throw Object.assign(new Error(`${process.env._HANDLER} is undefined or not exported`), {
    name: 'Runtime.HandlerNotFound',
  });
}

function contextOf(headers: Reply['headers']): Record<string, unknown> {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** Of the invocation under way. */
let requestId = '-';

async function serve(handler: Handler): Promise<void> {
  const { headers, body } = await call('GET', '/invocation/next');
  requestId = String(headers['lambda-runtime-aws-request-id']);
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'] ?? '');
  let answer: { path: string; payload: string };
  try {
    const result = await handler(JSON.parse(body), contextOf(headers));
    answer = { path: 'response', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    answer = { path: 'error', payload: describe(error) };
  }
  await call('POST', `/invocation/${requestId}/${answer.path}`, answer.payload);
}

async function main(): Promise<void> {
  lambdaConsole(() => requestId);
  let handler: Handler;
  try {
    handler = await load();
  } catch (error) {
    console.error(error);
    await call('POST', '/init/error', describe(error));
    process.exit(1);
  }
  for (;;) await serve(handler);
}

// The Runtime API is gone when the local stack is: then there is nobody left to work for.
main().catch(() => process.exit(1));
