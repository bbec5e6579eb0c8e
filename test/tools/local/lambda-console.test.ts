import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lambdaConsole } from '../../../tools/local/lambda-console.ts';

const METHODS = ['trace', 'debug', 'info', 'warn', 'error', 'log'] as const;
const own = METHODS.map((method) => ({ method, print: console[method] }));
const written: string[] = [];

beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_LOG_FORMAT', 'JSON');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  for (const { method, print } of own) console[method] = print;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  written.length = 0;
});

/** The lines that a program printed. */
function lines(): Record<string, unknown>[] {
  return written.map((line) => JSON.parse(line));
}

test('writes a line of JSON for each call, and an object as one', () => {
  lambdaConsole(() => 'r-1');
  console.warn({ outcome: 'Refused' });
  console.log('%s of %d', 'one', 2);
  expect(lines()).toEqual([
    { timestamp: expect.any(String), level: 'WARN', requestId: 'r-1', message: { outcome: 'Refused' } },
    { timestamp: expect.any(String), level: 'INFO', requestId: 'r-1', message: 'one of 2' },
  ]);
  expect(written.every((line) => line.endsWith('\n'))).toBe(true);
});

test('writes an error with its type, its message, its stack and all that it carries', () => {
  lambdaConsole(() => 'r-1');
  console.error(Object.assign(new TypeError('no'), { code: 'E' }));
  expect(lines()[0]?.message).toEqual({
    errorType: 'TypeError',
    errorMessage: 'no',
    stackTrace: expect.arrayContaining(['TypeError: no']),
    code: 'E',
  });
});

test('writes as text what JSON cannot hold', () => {
  lambdaConsole(() => 'r-1');
  console.info({ amount: 1n });
  expect(lines()[0]?.message).toBe('{ amount: 1n }');
});

test('leaves out what is below the least level', () => {
  vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'WARN');
  lambdaConsole(() => 'r-1');
  for (const method of METHODS) console[method](method);
  expect(lines().map(({ message }) => message)).toEqual(['warn', 'error']);
});

test('leaves the console alone when the function logs text', () => {
  vi.stubEnv('AWS_LAMBDA_LOG_FORMAT', 'Text');
  lambdaConsole(() => 'r-1');
  expect(METHODS.map((method) => console[method])).toEqual(own.map(({ print }) => print));
});
