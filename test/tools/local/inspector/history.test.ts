import { expect, it } from 'vitest';
import { toRecord } from '../../../../tools/local/delivery-record.ts';
import { History } from '../../../../tools/local/inspector/history.ts';

const delivery = (functionRequestId: string) =>
  toRecord({
    requestId: `gateway-${functionRequestId}`,
    functionRequestId,
    at: new Date(),
    method: 'POST',
    path: '/',
    status: 401,
    ms: 1,
    responseBody: '{}',
  });
const line = (requestId: string) =>
  JSON.stringify({ requestId, message: { outcome: 'Refused', reason: 'signature-mismatch' } });

it('tells why a delivery was refused, of no other one, when the log says so after the answer', () => {
  const history = new History();
  history.delivered(delivery('a'));
  history.delivered(delivery('b'));
  expect(history.logged(line('a'))).toMatchObject([{ id: 'gateway-a', why: ['signature-mismatch'] }]);
  expect(history.summaries().map(({ why }) => why)).toEqual([['signature-mismatch'], []]);
});

it('tells it when the log says so before the answer', () => {
  const history = new History();
  expect(history.logged(line('a'))).toEqual([]);
  expect(history.delivered(delivery('a')).why).toEqual(['signature-mismatch']);
});
