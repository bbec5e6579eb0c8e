import { describe, expect, it } from 'vitest';
import type { Level } from '../../../functions/receiver/log.ts';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import { createReport } from '../../../functions/receiver/report.ts';
import { UnavailableError } from '../../../functions/receiver/retry.ts';
import { UnusableSecretError } from '../../../functions/receiver/secret-version.ts';
import type { Key } from '../../../functions/receiver/signature.ts';

const why = {
  reason: 'invalid-event',
  problems: ['time: missing'],
  text: 'PRIVATE',
  eventType: 'PRIVATE',
} as const;

const key: Key = { secret: 'PRIVATE', integration: 'PRIVATE', fingerprint: 'f1f1f1f1', label: 'AWSCURRENT' };
const named = { key: 'f1f1f1f1' };
const accepted = { kind: 'Accepted', eventId: 'id', isReduced: false, unknown: [], key } as const;
const quarantined = { kind: 'Quarantined', why, isReduced: false, key } as const;

interface Line {
  readonly level: Level;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** The lines that one environment writes of these outcomes, but for what its first delivery alone counts. */
function linesOf(...outcomes: readonly Outcome[]): Line[] {
  return linesFrom(false, ...outcomes);
}

function linesFrom(isFromTools: boolean, ...outcomes: readonly Outcome[]): Line[] {
  const lines: Line[] = [];
  const report = createReport((level, fields, counts = {}) => void lines.push({ level, fields, counts }));
  for (const outcome of [{ kind: 'Probed' } as const, ...outcomes]) report(outcome, isFromTools);
  return lines.slice(1);
}

describe('a delivery', () => {
  /** The log line and the metrics of an outcome. */
  function reported(outcome: Outcome) {
    const [line, ...more] = linesOf(outcome);
    expect(more).toEqual([]);
    expect(JSON.stringify(line)).not.toContain('PRIVATE');
    return { line: { level: line?.level, ...line?.fields }, counted: Object.keys(line?.counts ?? {}) };
  }

  it.each<[Outcome, string, object]>([
    [accepted, 'INFO', { eventId: 'id', ...named }],
    [quarantined, 'WARN', { reason: why.reason, problems: why.problems, ...named }],
    [{ kind: 'TooLarge', key }, 'ERROR', named],
    [{ kind: 'Probed' }, 'INFO', {}],
    [{ kind: 'Refused', reason: 'signature-mismatch' }, 'WARN', { reason: 'signature-mismatch' }],
    [
      { kind: 'Unavailable', error: new UnavailableError('queue', 'SQS did not confirm the message.') },
      'ERROR',
      {
        dependency: 'queue',
        failure: { name: 'UnavailableError', message: 'SQS did not confirm the message.' },
      },
    ],
  ])('is one log line and one count, with nothing of the body: $kind', (outcome, level, details) => {
    const { line, counted } = reported(outcome);
    expect(line).toMatchObject({ level, outcome: outcome.kind, ...details });
    expect(line).not.toHaveProperty('unknownProperties');
    // The current version needs no name.
    expect(line).not.toHaveProperty('version');
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

  it.each<[Outcome, readonly string[]]>([
    [accepted, ['Accepted', 'StoredFromTools']],
    [quarantined, ['Quarantined', 'StoredFromTools']],
    [
      { kind: 'Refused', reason: 'signature-mismatch' },
      ['Refused', 'SignatureMismatch', 'SignatureMismatchFromTools'],
    ],
    [{ kind: 'Refused', reason: 'signature-missing' }, ['Refused']],
    [{ kind: 'Probed' }, ['Probed']],
    [{ kind: 'TooLarge', key }, ['TooLarge']],
    [{ kind: 'Unavailable', error: unusable(true) }, ['Unavailable', 'PlaceholderSecret']],
  ])(
    "of the project's own tools is counted once more where the doctor looks for Veriff's: %j",
    (outcome, names) => {
      const [line] = linesFrom(true, outcome);
      expect(Object.keys(line?.counts ?? {}).sort()).toEqual([...names].sort());
    },
  );

  function unusable(isPlaceholder: boolean) {
    const cause = new UnusableSecretError('no', { isPlaceholder });
    return new UnavailableError('secret', 'The secret cannot be used.', { cause });
  }

  it('verified by the previous key is counted, so that an operator sees when that may go', () => {
    const { line, counted } = reported({ ...accepted, key: { ...key, label: 'AWSPREVIOUS' } });
    expect(line).toMatchObject({ key: 'f1f1f1f1', version: 'AWSPREVIOUS' });
    expect(counted).toEqual(['Accepted', 'VerifiedByPreviousKey']);
  });
});

describe('a delivery that SQS took in part only', () => {
  it.each([accepted, quarantined])('is a warning: $kind', (outcome) => {
    expect(linesOf({ ...outcome, isReduced: true })).toMatchObject([
      { level: 'WARN', fields: { outcome: outcome.kind, reduced: true } },
    ]);
  });
});

describe('another webhook of Veriff', () => {
  it('is named', () => {
    expect(linesOf({ ...quarantined, why: { ...why, webhook: 'decision' } })).toMatchObject([
      { fields: { webhook: 'decision' } },
    ]);
  });
});

describe('a property that the contract does not have', () => {
  /** For each delivery of one environment: how many were counted, and which were named in the log. */
  const reported = (...deliveries: readonly (readonly string[])[]) =>
    linesOf(...deliveries.map((unknown) => ({ ...accepted, unknown }))).map(({ level, fields, counts }) => {
      expect(level).toBe('INFO');
      return { count: counts.UnknownProperties, named: fields.unknownProperties };
    });

  const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

  it('is counted with each delivery, and named the first time only', () => {
    expect(reported(['a', 'b'], ['a', 'b'], ['a', 'b', 'c'])).toEqual([
      { count: 2, named: ['a', 'b'] },
      { count: 2, named: undefined },
      { count: 3, named: ['c'] },
    ]);
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

describe('the first delivery of an environment', () => {
  it('is counted as a cold start, and no other one is', () => {
    const counts: unknown[] = [];
    const report = createReport((_level, _fields, counted) => void counts.push(counted));
    report(accepted);
    report(accepted);
    expect(counts).toEqual([{ Accepted: 1, ColdStart: 1 }, { Accepted: 1 }]);
  });
});
