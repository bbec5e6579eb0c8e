import { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../functions/receiver/attempt.ts';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import { createReport, describeError, type Logger } from '../../../functions/receiver/report.ts';
import { UnusableSecretError } from '../../../functions/receiver/secret-version.ts';
import type { Key } from '../../../functions/receiver/signature.ts';

const why = {
  reason: 'invalid-event',
  problems: ['time: missing'],
  text: 'PRIVATE',
  eventType: 'PRIVATE',
} as const;

const key: Key = { secret: 'PRIVATE', integration: 'PRIVATE', fingerprint: 'f1f1f1f1', stage: 'AWSCURRENT' };
const named = { key: 'f1f1f1f1', version: 'AWSCURRENT' };
const accepted = { kind: 'Accepted', eventId: 'id', isReduced: false, unknown: [], key } as const;
const quarantined = { kind: 'Quarantined', why, isReduced: false, key } as const;

const lines: Record<string, unknown>[] = [];
const logger: Logger = {
  info: (line) => void lines.push({ level: 'info', ...line }),
  warn: (line) => void lines.push({ level: 'warn', ...line }),
  error: (line) => void lines.push({ level: 'error', ...line }),
};
beforeEach(() => {
  lines.length = 0;
});

describe('a delivery', () => {
  /** The log line and the metrics of an outcome. */
  function reported(outcome: Outcome) {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    createReport({ logger, metrics })(outcome);
    const { Metrics: counted = [] } = metrics.serializeMetrics()._aws.CloudWatchMetrics[0] ?? {};
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('PRIVATE');
    return { line: lines[0], counted: counted.map(({ Name }) => Name) };
  }

  it.each<[Outcome, string, object]>([
    [accepted, 'info', { eventId: 'id', ...named }],
    [quarantined, 'warn', { reason: why.reason, problems: why.problems, ...named }],
    [{ kind: 'TooLarge', key }, 'error', named],
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
    [{ ...accepted, isReduced: true }, ['Accepted', 'ReducedMessage']],
    [{ ...quarantined, isReduced: true }, ['Quarantined', 'ReducedMessage']],
    [{ kind: 'Unavailable', error: unusable(false) }, ['Unavailable']],
    [{ kind: 'Unavailable', error: unusable(true) }, ['Unavailable', 'PlaceholderSecret']],
    [{ kind: 'Unavailable', error: new UnavailableError('queue', 'no') }, ['Unavailable']],
  ])('counts what alarms look at: %j', (outcome, names) => expect(reported(outcome).counted).toEqual(names));

  function unusable(isPlaceholder: boolean) {
    const cause = new UnusableSecretError('no', { isPlaceholder });
    return new UnavailableError('secret', 'The secret cannot be used.', { cause });
  }

  it('verified by the previous key is counted, so that an operator sees when that may go', () => {
    const { line, counted } = reported({ ...accepted, key: { ...key, stage: 'AWSPREVIOUS' } });
    expect(line).toMatchObject({ key: 'f1f1f1f1', version: 'AWSPREVIOUS' });
    expect(counted).toEqual(['Accepted', 'VerifiedByPreviousKey']);
  });
});

describe('a delivery that SQS took in part only', () => {
  it.each([accepted, quarantined])('is a warning: $kind', (outcome) => {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    createReport({ logger, metrics })({ ...outcome, isReduced: true });
    expect(lines).toMatchObject([{ level: 'warn', outcome: outcome.kind, reduced: true }]);
  });
});

describe('another webhook of Veriff', () => {
  it('is named', () => {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    createReport({ logger, metrics })({ ...quarantined, why: { ...why, webhook: 'decision' } });
    expect(lines).toMatchObject([{ webhook: 'decision' }]);
  });
});

describe('a property that the contract does not have', () => {
  /** For each delivery of one environment: how many were counted, and which were named in the log. */
  function reported(...deliveries: readonly (readonly string[])[]) {
    const metrics = new Metrics({ namespace: 'n', serviceName: 's' });
    const report = createReport({ logger, metrics });
    return deliveries.map((unknown) => {
      lines.length = 0;
      report({ ...accepted, unknown });
      const { UnknownProperties: count } = metrics.serializeMetrics();
      metrics.clearMetrics();
      const notice = lines.find((line) => line.notice === 'UnknownProperties');
      return { count, named: notice?.properties };
    });
  }

  const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

  it('is counted with each delivery, and named the first time only', () => {
    expect(reported(['a', 'b'], ['a', 'b'], ['a', 'b', 'c'])).toEqual([
      { count: 2, named: ['a', 'b'] },
      { count: 2, named: undefined },
      { count: 3, named: ['c'] },
    ]);
  });

  it('is named at level info', () => {
    reported(['a']);
    expect(lines.at(-1)).toEqual({ level: 'info', notice: 'UnknownProperties', properties: ['a'] });
  });

  it('is neither counted nor named when there is none', () => {
    expect(reported([])).toEqual([{ count: undefined, named: undefined }]);
  });

  it('without a name of its own is named once', () => {
    expect(reported(['(other)', '(other)'])).toEqual([{ count: 2, named: ['(other)'] }]);
  });

  it('is named by one environment 20 times at most', () => {
    const named = reported(many('a', 15), many('b', 20), many('c', 1)).map((each) => each.named);
    expect(named).toEqual([many('a', 15), many('b', 5), undefined]);
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
    'InvalidRequestException',
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
