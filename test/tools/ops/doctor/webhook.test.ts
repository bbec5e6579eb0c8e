import { expect, test } from 'vitest';
import { judgeClock, judgeWebhook } from '../../../../tools/ops/doctor/webhook.ts';

const url = new URL('https://example.com/webhooks/veriff/user-statuses');
const at = new Date('2026-11-20T10:00:00.500Z');
const clock = (date: string | null) => judgeClock(date, at);

test.each([
  [401, 'good', 'answers 401'],
  [403, 'good', 'an allow list is on'],
  [200, 'bad', 'answers 200'],
  [404, 'bad', 'answers 404'],
  [429, 'bad', 'answers 429'],
  [503, 'bad', 'the function does not run'],
  [302, 'bad', 'answers 302'],
])('judges an unsigned request that is answered with %i: %s', (status, kind, said) => {
  expect(judgeWebhook(url, status, 'veriff-status-receiver-dev')).toMatchObject({
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
