import { expect, test } from 'vitest';
import { curlOf } from '../../../tools/inspector/again.ts';
import { createHistory } from '../../../tools/inspector/history.ts';
import { toRecord } from '../../../tools/local/delivery-record.ts';

const delivery = (functionRequestId: string, status = 401) =>
  toRecord({
    requestId: `gateway-${functionRequestId}`,
    functionRequestId,
    at: new Date(),
    method: 'POST',
    path: '/',
    status,
    ms: 1,
    responseBody: '{}',
  });
const line = (requestId: string) =>
  JSON.stringify({ requestId, outcome: 'Refused', reason: 'signature-mismatch' });

test('tells why a delivery was refused, of no other one, when the log says so after the answer', () => {
  const history = createHistory();
  history.delivered(delivery('a'));
  history.delivered(delivery('b'));
  expect(history.logged(line('a'))).toMatchObject({
    id: 'gateway-a',
    why: ['signature-mismatch'],
    isSettled: true,
  });
  expect(history.deliveries().map(({ why, isSettled }) => [why, isSettled])).toEqual([
    [['signature-mismatch'], true],
    [[], false],
  ]);
});

test('tells it when the log says so before the answer', () => {
  const history = createHistory();
  expect(history.logged(line('a'))).toBeUndefined();
  expect(history.delivered(delivery('a')).why).toEqual(['signature-mismatch']);
});

test('keeps 200 of each outcome, and counts them all', () => {
  const history = createHistory();
  history.delivered(delivery('refused'));
  for (let index = 0; index < 250; index += 1) history.delivered(delivery(`accepted-${index}`, 200));
  const ids = history.deliveries().map(({ id }) => id);
  expect([ids.length, ids[0], ids[1]]).toEqual([201, 'gateway-refused', 'gateway-accepted-50']);
  expect(history.counts()).toEqual({ refused: 1, accepted: 250 });
});

test('names the options that a throttled delivery is about', () => {
  expect(createHistory().delivered(delivery('a', 429)).why).toEqual([
    expect.stringContaining('throttleRate and throttleBurst'),
  ]);
});

test('gives curl an empty header in the form in which it sends one', () => {
  const shown = { ...createHistory().delivered(delivery('a')), headers: { 'x-empty': '', 'x-full': '1' } };
  expect(curlOf(shown, 'http://localhost/')).toContain("-H 'x-empty;' \\\n  -H 'x-full: 1'");
});
