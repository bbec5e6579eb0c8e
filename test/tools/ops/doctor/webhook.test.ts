import { expect, test } from 'vitest';
import { judgeClock, judgeWebhook } from '../../../../tools/ops/doctor/webhook.ts';

const url = new URL('https://example.com/webhooks/veriff/user-statuses');
const PROBLEM = 'application/problem+json';
const at = new Date('2026-11-20T10:00:00.500Z');
const clock = (date: string | null) => judgeClock(date, at);

test.each([
  [401, PROBLEM, 'good', 'answers 401'],
  [403, PROBLEM, 'good', 'an allow list is on'],
  [403, 'application/json', 'bad', 'the address leads to no API'],
  [200, 'text/html', 'bad', 'answers 200'],
  [404, 'application/json', 'bad', 'answers 404'],
  [429, 'application/json', 'bad', 'answers 429'],
  [503, 'application/json', 'bad', 'the function does not run'],
  [302, null, 'bad', 'answers 302'],
])('judges an unsigned request that is answered with %i and %s: %s', (status, type, kind, said) => {
  expect(judgeWebhook(url, status, type, { name: 'veriff-status-receiver-dev' })).toMatchObject({
    kind,
    what: expect.stringContaining(said),
  });
});

test.each([
  ['Fri, 20 Nov 2026 10:00:00 GMT', 'good', '0 s'],
  ['Fri, 20 Nov 2026 10:01:00 GMT', 'good', '60 s behind'],
  ['Fri, 20 Nov 2026 10:01:01 GMT', 'bad', '61 s behind'],
  ['Fri, 20 Nov 2026 09:58:00 GMT', 'bad', '120 s ahead'],
])('compares the clock with an answer of %s: %s', (date, kind, said) => {
  expect(clock(date)).toMatchObject({ kind, what: expect.stringContaining(said) });
});

test('does not judge the clock by an answer without a date', () => {
  expect(clock(null).kind).toBe('unchecked');
});
