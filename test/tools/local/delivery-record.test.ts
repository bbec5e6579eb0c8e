import { expect, it } from 'vitest';
import { toRecord } from '../../../tools/local/delivery-record.ts';

const request = { requestId: 'id', at: new Date(), method: 'POST', path: '/', ms: 1 };

it.each([
  [200, '{"status":"accepted","eventId":"id"}', 'accepted'],
  [200, '{"status":"quarantined","reason":"not-json"}', 'quarantined'],
  [200, '{"status":"probed"}', 'probed'],
  [401, '{"status":401,"detail":"no"}', 'refused'],
  [500, 'no JSON', 'error'],
])('what is answered with %i and %s is called %s', (status, responseBody, outcome) => {
  expect(toRecord({ ...request, status, responseBody }).outcome).toBe(outcome);
});
