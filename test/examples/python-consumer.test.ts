import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Program, startProgram } from './program.ts';
import { itFollowsTheRules } from './subscriber-rules.ts';

const CONSUMER = fileURLToPath(new URL('../../examples/python-consumer/consumer.py', import.meta.url));
const PYTHON = 'python3';

const hasBoto3 = spawnSync(PYTHON, ['-c', 'import boto3']).status === 0;
const why = hasBoto3 ? '' : ' (skipped: python3 with boto3 is not installed here)';

describe.skipIf(!hasBoto3)(`the Python consumer${why}`, () => {
  let program: Program;
  beforeAll(async () => {
    program = await startProgram(PYTHON, CONSUMER, { assemblyDir: inject('assemblyDir') });
  });
  afterAll(() => program?.stop());

  itFollowsTheRules(() => program);

  it('ends with 0 after SIGTERM', async () => {
    expect(await program.terminate()).toBe(0);
    expect(program.outcomes().at(-1)).toBe('stopped');
  });
});

describe.skipIf(!hasBoto3)(`the Python consumer's clock${why}`, () => {
  it.each([
    ['1970-01-01T00:00:00Z', '0'],
    ['2023-10-27T09:59:15.090805Z', '1698400755090805000'],
    ['2026-01-31T23:59:59.123456789+05:30', '1769884199123456789'],
    ['1969-12-31T23:00:00.5 -01', '500000000'],
    ['1969-12-31T23:59:59.999999999+0000', '-1'],
  ])('reads %s to the nanosecond', (time, nanoseconds) => {
    const program = 'import sys; from consumer import nanoseconds; print(nanoseconds(sys.argv[1]))';
    const { stdout } = spawnSync(PYTHON, ['-c', program, time], {
      cwd: fileURLToPath(new URL('.', `file://${CONSUMER}`)),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(nanoseconds);
  });
});
