import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FunctionOptions, LocalFunction } from '../../../tools/local/function.ts';
import { startFunction } from '../../../tools/local/function.ts';

/** Does what the event says. */
const handler = `
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  switch (event.do) {
    case 'fail': throw new TypeError('no');
    case 'hang': return new Promise(() => setInterval(() => {}, 1000));
    case 'exit': process.exit(3);
    case 'log': console.log('one\\ntwo'); console.error('three'); return null;
    case 'env': return process.env;
    case 'context': return { ...context, remaining: context.getRemainingTimeInMillis(), trace: process.env._X_AMZN_TRACE_ID };
    default: return { pid: process.pid, calls };
  }
};`;

let code = '';
let started: LocalFunction | undefined;
let lines: string[] = [];

beforeEach(async () => {
  code = await mkdtemp(join(tmpdir(), 'code-'));
  lines = [];
});
afterEach(async () => {
  await started?.stop();
  await rm(code, { recursive: true });
});

async function start(options: Partial<FunctionOptions> = {}, source = handler): Promise<LocalFunction> {
  await writeFile(join(code, 'index.mjs'), source);
  started = await startFunction({
    code,
    handler: 'index.handler',
    variables: { GIVEN: 'yes' },
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    timeoutMs: 20_000,
    onLog: (line) => lines.push(line),
    ...options,
  });
  return started;
}

async function call(pool: LocalFunction, event: unknown = {}): Promise<Record<string, unknown>> {
  const result = await pool.invoke(event, 'Root=1-a-b');
  if (result.kind !== 'answered') throw new Error(`expected an answer, got ${JSON.stringify(result)}`);
  return JSON.parse(result.payload);
}

test('reuses an environment that is idle', async () => {
  const pool = await start();
  const first = await call(pool);
  expect(await call(pool)).toEqual({ pid: first.pid, calls: 2 });
});

test('tells how long a cold start took, and only for the first invocation', async () => {
  const pool = await start();
  expect((await pool.invoke({}, '')).coldStartMs).toBeGreaterThan(0);
  expect(await pool.invoke({}, '')).not.toHaveProperty('coldStartMs');
});

test('handles one event at a time in each environment, up to the maximum side by side, and lets the rest wait', async () => {
  const pool = await start({ maxEnvironments: 2 });
  const answers = await Promise.all(Array.from({ length: 7 }, () => call(pool)));
  expect(pool.environments()).toHaveLength(2);
  expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
});

test('gives the process nothing of the environment it was started from', async () => {
  process.env.LOCAL_FUNCTION_TEST = 'leaked';
  const env = await call(await start(), { do: 'env' });
  delete process.env.LOCAL_FUNCTION_TEST;
  expect(env).toMatchObject({ GIVEN: 'yes', _HANDLER: 'index.handler' });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['LOCAL_FUNCTION_TEST']));
  expect(env.HOME).not.toBe(process.env.HOME);
});

test('hands the handler its deadline, its ids and its trace', async () => {
  const context = await call(await start({ timeoutMs: 20_000 }), { do: 'context' });
  expect(context).toMatchObject({
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    trace: 'Root=1-a-b',
  });
  expect(context.remaining).toBeLessThanOrEqual(20_000);
  expect(context.remaining).toBeGreaterThan(0);
});

test('reports what the handler throws and goes on with the same environment', async () => {
  const pool = await start();
  const failed = await pool.invoke({ do: 'fail' }, '');
  expect(failed).toMatchObject({ kind: 'failed', error: { errorType: 'TypeError', errorMessage: 'no' } });
  expect(await call(pool)).toMatchObject({ calls: 2 });
});

test('kills an environment at its time-out and answers the next event from a fresh one', async () => {
  const pool = await start({ timeoutMs: 1000 });
  expect(await pool.invoke({ do: 'hang' }, '')).toMatchObject({ kind: 'timedOut' });
  expect(lines.at(-1)).toContain('Task timed out after 1.00 seconds');
  expect(await call(pool)).toMatchObject({ calls: 1 });
});

test('fails the event whose handler leaves nothing to wait for', async () => {
  const pool = await start({}, 'export const handler = () => new Promise(() => {});');
  expect(await pool.invoke({}, '')).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Runtime.ExitError' },
  });
});

test('fails the event whose environment exits, and answers the next from a fresh one', async () => {
  const pool = await start();
  expect(await pool.invoke({ do: 'exit' }, '')).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' },
  });
  expect(await call(pool)).toMatchObject({ calls: 1 });
});

test('fails the event whose environment is killed, and answers the next from a fresh one', async () => {
  const pool = await start();
  await call(pool);
  const hanging = pool.invoke({ do: 'hang' }, '');
  while (pool.environments()[0]?.state !== 'busy') await new Promise(setImmediate);
  const [killed] = pool.environments();
  killed?.kill();
  expect(await hanging).toMatchObject({
    kind: 'failed',
    environment: killed?.id,
    error: { errorMessage: 'Runtime exited with error: signal: SIGKILL' },
  });
  expect(await call(pool)).toMatchObject({ calls: 1 });
});

test('serves those that waited for an environment that was killed', async () => {
  const pool = await start({ maxEnvironments: 1 });
  await call(pool);
  const hanging = pool.invoke({ do: 'hang' }, '');
  const waiting = call(pool);
  while (pool.environments()[0]?.state !== 'busy') await new Promise(setImmediate);
  pool.environments()[0]?.kill();
  expect((await hanging).kind).toBe('failed');
  expect(await waiting).toMatchObject({ calls: 1 });
});

test('starts cold again after the idle environments were recycled', async () => {
  const pool = await start();
  const { pid } = await call(pool);
  await pool.recycle();
  expect((await call(pool)).pid).not.toBe(pid);
});

test.each([
  [
    'the code cannot be loaded',
    `throw new RangeError('broken')`,
    { errorType: 'RangeError', errorMessage: 'broken' },
  ],
  ['the handler is not exported', '', { errorType: 'Runtime.HandlerNotFound' }],
])('fails each event, and waits for none, when %s', async (_when, source, error) => {
  const pool = await start({}, source);
  expect(await pool.invoke({}, '')).toMatchObject({ kind: 'failed', error });
  expect(await pool.invoke({}, '')).toMatchObject({ kind: 'failed', error });
});

test('hands over each line that the function prints', async () => {
  const pool = await start();
  await call(pool, { do: 'log' });
  await pool.stop();
  expect(lines.toSorted()).toEqual(['one', 'three', 'two']);
});

test('fails what is under way when it is stopped, and everything after that', async () => {
  const pool = await start();
  const hanging = pool.invoke({ do: 'hang' }, '');
  await pool.stop();
  expect((await hanging).kind).toBe('failed');
  expect((await pool.invoke({}, '')).kind).toBe('failed');
});
