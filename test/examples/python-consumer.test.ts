import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TIME, toNanoseconds } from '../../contract/time.ts';
import { nearlyTime } from '../support/times.ts';
import { type Program, startProgram } from './program.ts';
import { itFollowsTheRules } from './subscriber-rules.ts';

const CONSUMER = fileURLToPath(new URL('../../examples/python-consumer/consumer.py', import.meta.url));
const PYTHON = 'python3';

const hasBoto3 = spawnSync(PYTHON, ['-c', 'import boto3']).status === 0;
const why = hasBoto3 ? '' : ' (skipped: python3 with boto3 is not installed here)';

describe.skipIf(!hasBoto3)(`the Python consumer${why}`, () => {
  let program: Program;
  beforeAll(async () => {
    program = await startProgram([PYTHON, CONSUMER], { assemblyDir: inject('assemblyDir') });
  });
  afterAll(() => program?.stop());

  itFollowsTheRules(() => program);

  it('ends with 0 after SIGTERM', async () => {
    expect(await program.terminate()).toBe(0);
    expect(program.outcomes().at(-1)).toBe('stopped');
  });
});

const TELL = `
import json, sys
from botocore.exceptions import ClientError, EndpointConnectionError
from consumer import read, tell

def failing(error):
    def receive_message(**_):
        raise error
    return receive_message

assert tell(failing(EndpointConnectionError(endpoint_url="http://127.0.0.1"))) is None
for code in ("ExpiredToken", "ReceiptHandleIsInvalid"):
    assert tell(failing(ClientError({"Error": {"Code": code}}, "ReceiveMessage"))) is None
digits = {"Body": '{"eventType":"user-status.created","n":' + "1" * 5000 + "}", "MessageAttributes": {"eventId": {"StringValue": "e"}}}
assert read(digits)[0] == "e"
`;

describe.skipIf(!hasBoto3)(`the Python consumer, call by call${why}`, () => {
  it('survives an outage, expired credentials, a stale receipt handle and a number of 5,000 digits', () => {
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', TELL], {
      cwd: dirname(CONSUMER),
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.match(/"error": "\w+"/g)).toEqual([
      '"error": "EndpointConnectionError"',
      '"error": "ExpiredToken"',
      '"error": "ReceiptHandleIsInvalid"',
    ]);
  });
});

const CLOCK = `
import json, sys
from consumer import nanoseconds

def read(time):
    try:
        return str(nanoseconds(time))
    except ValueError:
        return None

json.dump([read(time) for time in json.load(sys.stdin)], sys.stdout)
`;

/** What the consumer makes of these times: nanoseconds as text, or null. */
function readByPython(times: readonly string[]): unknown {
  const { stdout } = spawnSync(PYTHON, ['-c', CLOCK], {
    cwd: dirname(CONSUMER),
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' },
    input: JSON.stringify(times),
    encoding: 'utf8',
  });
  return JSON.parse(stdout);
}

function readByContract(time: string): string | null {
  return TIME.test(time) ? String(toNanoseconds(time)) : null;
}

describe.skipIf(!hasBoto3)(`the Python consumer's clock${why}`, () => {
  it('reads a time to the nanosecond', () => {
    const read = {
      '1970-01-01T00:00:00Z': '0',
      '2023-10-27T09:59:15.090805Z': '1698400755090805000',
      '2026-01-31T23:59:59.123456789+05:30': '1769884199123456789',
      '1969-12-31T23:00:00.5 -01': '500000000',
      '1969-12-31T23:59:59.999999999+0000': '-1',
      '2023-02-29T00:00:00Z': null,
    };
    expect(readByPython(Object.keys(read))).toEqual(Object.values(read));
  });

  it('agrees with the contract on every time, and on what is nearly one', () => {
    const times = fc.array(nearlyTime, { minLength: 2_000, maxLength: 2_000, size: 'max' });
    fc.assert(
      fc.property(times, (all) => {
        expect(readByPython(all)).toEqual(all.map(readByContract));
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
