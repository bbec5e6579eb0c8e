import { expect, test } from 'vitest';
import { judgeDeliveries } from '../../../../tools/ops/doctor/deliveries.ts';

const hour = (of: number) => new Date(Date.UTC(2026, 10, 20, of)).toISOString();
const STORED = hour(10);

test.each([
  ['nothing came', {}, 'unchecked'],
  ['the only one did not match', { mismatched: hour(11) }, 'bad'],
  ['the latest did not match', { verified: hour(11), mismatched: hour(12) }, 'bad'],
  ['one was right after one that did not match', { verified: hour(12), mismatched: hour(11) }, 'good'],
  ['both came in the same minute', { verified: hour(11), mismatched: hour(11) }, 'good'],
  ['one did not match the secret of before', { mismatched: hour(9) }, 'unchecked'],
  ['the latest right one was for the secret of before', { verified: hour(9) }, 'unchecked'],
])('judges the secret when %s', (_what, latest, kind) => {
  expect(judgeDeliveries(latest, STORED).kind).toBe(kind);
});
