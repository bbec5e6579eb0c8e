import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../functions/receiver/attempt.ts';
import type { Drift } from '../../../functions/receiver/drift.ts';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import {
  countFromTools,
  describe as describeError,
  type Logger,
  report,
  reportDrift,
} from '../../../functions/receiver/report.ts';

const why = {
  reason: 'invalid-event',
  problems: ['time: missing'],
  text: 'PRIVATE',
  eventType: 'PRIVATE',
} as const;

const lines: Record<string, unknown>[] = [];
const logger: Logger = {
  info: (line) => void lines.push({ level: 'info', ...line }),
  warn: (line) => void lines.push({ level: 'warn', ...line }),
  error: (line) => void lines.push({ level: 'error', ...line }),
};
beforeEach(() => {
  lines.length = 0;
});

describe("a delivery of this project's own tools", () => {
  it.each<[Outcome, string[]]>([
    [{ kind: 'Accepted', eventId: 'id', stage: 'AWSCURRENT' }, ['AcceptedFromTools']],
    [{ kind: 'Refused', reason: 'signature-mismatch' }, ['SignatureMismatchFromTools']],
    [{ kind: 'Refused', reason: 'signature-missing' }, []],
    [{ kind: 'Probed' }, []],
  ])('is counted once more, where the doctor would take it for one of Veriff: %o', (outcome, names) => {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    countFromTools(outcome, metrics);
    const { Metrics: counted = [] } = metrics.serializeMetrics()._aws.CloudWatchMetrics[0] ?? {};
    expect(counted.map(({ Name }) => Name)).toEqual(names);
  });
});

describe('a delivery', () => {
  /** The log line and the metrics of an outcome. */
  function reported(outcome: Outcome) {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    report(outcome, { logger, metrics });
    const { Metrics: counted = [] } = metrics.serializeMetrics()._aws.CloudWatchMetrics[0] ?? {};
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('PRIVATE');
    return { line: lines[0], counted: counted.map(({ Name }) => Name) };
  }

  it.each<[Outcome, string, object]>([
    [{ kind: 'Accepted', eventId: 'id', stage: 'AWSCURRENT' }, 'info', { eventId: 'id', key: 'AWSCURRENT' }],
    [
      { kind: 'Quarantined', why, stage: 'AWSCURRENT' },
      'warn',
      { reason: why.reason, problems: why.problems },
    ],
    [{ kind: 'TooLarge', stage: 'AWSCURRENT' }, 'error', { key: 'AWSCURRENT' }],
    [{ kind: 'Refused', reason: 'signature-mismatch' }, 'warn', { reason: 'signature-mismatch' }],
    [
      { kind: 'Unavailable', error: new UnavailableError('queue', 'SQS did not confirm the message.') },
      'error',
      {
        dependency: 'queue',
        failure: { name: 'UnavailableError', message: 'SQS did not confirm the message.' },
      },
    ],
  ])('is one log line and one count, with nothing of the body: $kind', (outcome, level, details) => {
    const { line, counted } = reported(outcome);
    expect(line).toMatchObject({ level, outcome: outcome.kind, ...details });
    expect(counted).toEqual(outcome.kind === 'Refused' ? ['Refused', 'SignatureMismatch'] : [outcome.kind]);
  });

  it.each<[Outcome, readonly string[]]>([
    [{ kind: 'Probed' }, ['Probed']],
    [{ kind: 'Refused', reason: 'signature-missing' }, ['Refused']],
    [{ kind: 'Refused', reason: 'source-not-allowed' }, ['Refused']],
    [{ kind: 'Refused', reason: 'signature-mismatch' }, ['Refused', 'SignatureMismatch']],
    [{ kind: 'Refused', reason: 'integration-unknown' }, ['Refused', 'SignatureMismatch']],
    [{ kind: 'Unavailable', error: unusable(false) }, ['Unavailable']],
    [{ kind: 'Unavailable', error: unusable(true) }, ['Unavailable', 'PlaceholderSecret']],
    [{ kind: 'Unavailable', error: new UnavailableError('queue', 'no') }, ['Unavailable']],
  ])('counts what alarms look at: %j', (outcome, names) => expect(reported(outcome).counted).toEqual(names));

  function unusable(isPlaceholder: boolean) {
    const cause = new UnavailableError('secret', 'no', { isPlaceholder });
    return new UnavailableError('secret', 'The secret cannot be used.', { cause });
  }

  it('verified by the previous key is counted, so that an operator sees when that may go', () => {
    const { line, counted } = reported({ kind: 'Accepted', eventId: 'id', stage: 'AWSPREVIOUS' });
    expect(line?.key).toBe('AWSPREVIOUS');
    expect(counted).toEqual(['Accepted', 'VerifiedByPreviousKey']);
  });
});

describe('a property that the contract does not have', () => {
  function reported(drift: Drift) {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    reportDrift(drift, { logger, metrics });
    return metrics.serializeMetrics().UnknownProperties;
  }

  it('is counted and named', () => {
    expect(reported({ count: 2, news: ['reviewer'] })).toBe(2);
    expect(lines).toEqual([{ level: 'info', notice: 'UnknownProperties', properties: ['reviewer'] }]);
  });

  it('is counted and not named again', () => {
    expect(reported({ count: 2, news: [] })).toBe(2);
    expect(lines).toEqual([]);
  });
});

describe('an error in the log', () => {
  it('keeps the message of our own errors, and what caused them', () => {
    const cause = Object.assign(new Error('PRIVATE'), { code: 'ECONNREFUSED' });
    expect(describeError(new UnavailableError('queue', 'No answer.', { cause }))).toEqual({
      name: 'UnavailableError',
      message: 'No answer.',
      cause: { name: 'Error', code: 'ECONNREFUSED', frames: expect.any(Array) },
    });
  });

  const $metadata = { httpStatusCode: 400, requestId: 'r-1', attempts: 1 };

  it.each(['InternalFailure', 'SerializationException', undefined])(
    'of an AWS service goes without its message, which may repeat what was sent, when it is no matter of access: %s',
    (name) => {
      const described = describeError(Object.assign(new Error('PRIVATE'), { name, $metadata }));
      expect(described).toMatchObject({ name, status: 400, requestId: 'r-1' });
      expect(JSON.stringify(described)).not.toContain('PRIVATE');
    },
  );

  it('that AWS did not give goes without its message, whatever its name', () => {
    const described = describeError(Object.assign(new Error('PRIVATE'), { name: 'NotFound' }));
    expect(described).toEqual({ name: 'NotFound', frames: expect.any(Array) });
  });

  it.each(['a1b2-c3', '1a', 'a b', ''])('goes without a name that no program gives: "%s"', (name) => {
    expect(describeError({ name }).name).toBeUndefined();
  });

  it.each([
    'ResourceNotFoundException',
    'QueueDoesNotExist',
    'KmsAccessDenied',
    'KMS.DisabledException',
    'DecryptionFailure',
  ])('of an AWS service keeps the message that tells what to mend: %s', (name) => {
    expect(describeError(Object.assign(new Error('the key'), { name, $metadata })).message).toBe('the key');
  });

  it('keeps what an AWS service answered when it denies access', () => {
    const error = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException', $metadata });
    expect(describeError(error)).toEqual({
      name: 'AccessDeniedException',
      message: 'not authorized',
      status: 400,
      requestId: 'r-1',
    });
  });

  it("says where another error came from and leaves out its message: a parser's message quotes what it could not parse", () => {
    const described = describeError(new SyntaxError('Unexpected token in "PRIVATE"'));
    expect(described).toEqual({ name: 'SyntaxError', frames: expect.any(Array) });
    expect(described.frames).toHaveLength(5);
    expect(JSON.stringify(described)).not.toContain('PRIVATE');
  });

  it('takes no line of the message for a place in the code', () => {
    const { frames } = describeError(
      new SyntaxError('Unexpected token at PRIVATE\n    at PRIVATE (a.ts:1:1)'),
    );
    expect(frames).toEqual(Array(5).fill(expect.stringMatching(/^ +at /)));
    expect(String(frames)).not.toContain('PRIVATE');
  });

  it('without a message says where it came from', () => {
    expect(describeError({ stack: 'Error\n    at a\n    at b' })).toEqual({
      frames: ['    at a', '    at b'],
    });
  });

  it.each([
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
  ])('that is no error is named by its type: %s', (thrown, name) =>
    expect(describeError(thrown)).toEqual({ name }),
  );

  it('whose causes go in a circle is cut', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"name"/g)).toHaveLength(5);
  });

  it('of any shape is described', () => {
    expect(describeError({ name: 7, code: 7, $metadata: 'x', stack: 7 })).toEqual({});
  });
});
