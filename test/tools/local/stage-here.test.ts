import { expect, test } from 'vitest';
import { keepHere } from '../../../tools/local/stage-here.ts';

test('keeps what this machine can do, and names what only AWS can', () => {
  const here = { fifo: true, eventBus: true, secretName: 'prod-veriff', throttleRate: 7, retain: true };
  const elsewhere = { alarms: { email: 'ops@example.com' }, dashboard: true, allowedSources: ['veriff-eu'] };
  const { options, leftOut } = keepHere({ ...here, ...elsewhere, subscriberAccounts: [] });
  expect(options).toEqual(here);
  expect([...leftOut].sort()).toEqual(['alarms', 'allowedSources', 'dashboard']);
});
