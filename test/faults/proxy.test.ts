import { expect, it, onTestFinished } from 'vitest';
import { always, startFaultProxy } from '../support/fault-proxy.ts';

it('lets the receiver open its connection to SQS while calls fail, and counts no call', async () => {
  const proxy = await startFaultProxy('sqs');
  onTestFinished(() => proxy.stop());
  proxy.plan(always('reset'));
  const { status } = await fetch(proxy.endpoint);
  expect(status).toBe(404);
  expect(proxy.calls).toEqual([]);
});
