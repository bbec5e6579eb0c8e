import { expect, test } from 'vitest';
import { isProven, pageOf, type Row } from '../../../../tools/proof/verify/page.ts';

const place = {
  account: '123456789012',
  region: 'eu-west-1',
  isEmulated: false,
  startedAt: new Date('2026-11-27T10:00:00Z'),
  endedAt: new Date('2026-11-27T10:12:30Z'),
};
const row = (result: Row['result'], seen = 'seen', isOfAws = false): Row => ({
  claim: `It is ${result}.`,
  docs: 'docs/runbook.md#section',
  isOfAws,
  result,
  seen,
});

test('says where it was run and for how long, and counts what was confirmed, was not, and is not known', () => {
  expect(pageOf([row('confirmed'), row('confirmed'), row('open')], place)).toContain(
    'Run in account 123456789012, Region eu-west-1, from 2026-11-27T10:00:00.000Z, in 13 min: ' +
      '2 confirmed, 0 not confirmed, 1 not found out.',
  );
});

test('has a row for each claim with what was seen and where the documentation says so, the bad news first', () => {
  const page = pageOf([row('confirmed'), row('open'), row('refuted')], place);
  expect(page.match(/^(##|\| It).*$/gm)).toEqual([
    '## Not confirmed',
    '| It is refuted. | seen | docs/runbook.md#section |',
    '## Not found out',
    '| It is open. | seen | docs/runbook.md#section |',
    '## Confirmed',
    '| It is confirmed. | seen | docs/runbook.md#section |',
  ]);
});

test('keeps what a service answered in its cell', () => {
  expect(pageOf([row('refuted', 'a | b\nc')], place)).toContain('| a \\| b c |');
});

test('says when the account was an emulated one', () => {
  expect(pageOf([], { ...place, isEmulated: true })).toContain('an emulated account');
});

test('leaves a fact about AWS open without being unproven, and nothing else', () => {
  expect(isProven([row('confirmed'), row('open', 'denied', true)])).toBe(true);
  expect(isProven([row('open', 'denied')])).toBe(false);
  expect(isProven([row('refuted', 'the contrary', true)])).toBe(false);
});
