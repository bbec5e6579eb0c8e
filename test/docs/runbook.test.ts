import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createLog } from '../../functions/receiver/log.ts';
import type { Outcome } from '../../functions/receiver/receive.ts';
import { createReport } from '../../functions/receiver/report.ts';
import { UnavailableError } from '../../functions/receiver/retry.ts';

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
/** What the operator is told to ask the function's log for; what is of a `type` is Lambda's own. */
const patterns = [...runbook.matchAll(/ask '\{ (.+?) \}'/g)]
  .map(([, pattern]) => pattern ?? '')
  .filter((pattern) => !pattern.includes('$.type'));

const key = {
  secret: 's',
  integration: undefined,
  fingerprint: 'FINGERPRINT',
  label: 'AWSPREVIOUS',
} as const;
const outcomes: readonly Outcome[] = [
  { kind: 'Accepted', eventId: 'id', isReduced: true, unknown: [], key },
  {
    kind: 'Quarantined',
    why: { reason: 'not-json', problems: [], text: '' },
    isReduced: false,
    key: { ...key, label: 'AWSCURRENT' },
  },
  { kind: 'TooLarge', key },
  { kind: 'Refused', reason: 'signature-mismatch' },
  { kind: 'Unavailable', error: new UnavailableError('queue', 'no') },
];

/** The lines of the log that these outcomes leave. */
function logged(): unknown[] {
  const lines: unknown[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const report = createReport(createLog({ namespace: 'n', service: 's', requestId: () => 'r', write }));
  for (const outcome of outcomes) report(outcome);
  return lines;
}

const valueAt = (line: unknown, path: string) =>
  path.split('.').reduce<unknown>((value, name) => Reflect.get(Object(value), name), line);

it('asks the log for something', () => expect(patterns.length).toBeGreaterThan(4));

it.each(patterns)('asks the log for what is in it: %s', (pattern) => {
  const [, path = '', value] = /^\$\.([\w.]+) (?:= "(\w+)"|IS TRUE)$/.exec(pattern) ?? [];
  expect(path).not.toBe('');
  expect(logged().filter((line) => valueAt(line, path) === (value ?? true))).not.toEqual([]);
});
