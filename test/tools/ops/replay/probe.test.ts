import { expect, test } from 'vitest';
import { PROBE_EVENT_TYPE } from '../../../../functions/receiver/own-tools.ts';
import { type Entry, isLeftOver, isProbe } from '../../../../tools/ops/replay/entry.ts';

const NOW = Date.UTC(2026, 10, 20, 10);

function entry(given: Partial<Entry>): Entry {
  const delivery = {
    body: Buffer.from('{}'),
    source: '',
    signature: undefined,
    integration: undefined,
    receivedAt: new Date(NOW),
  };
  const sentAt = new Date(NOW - 11 * 60_000);
  return {
    id: 'id',
    reason: 'probe',
    problems: [],
    eventType: undefined,
    webhook: undefined,
    eventId: undefined,
    attemptId: undefined,
    sentAt,
    delivery,
    original: { body: '{}', attributes: {}, traceHeader: undefined },
    ...given,
  };
}

test('knows a probe by its reason, and by its event type where the receiver did not know it', () => {
  expect(isProbe(entry({}))).toBe(true);
  expect(isProbe(entry({ reason: 'unfamiliar-event-type', eventType: PROBE_EVENT_TYPE }))).toBe(true);
  expect(isProbe(entry({ reason: 'unfamiliar-event-type', eventType: 'other' }))).toBe(false);
});

test('never takes what a running doctor waits for', () => {
  expect(isLeftOver(entry({}), NOW)).toBe(true);
  expect(isLeftOver(entry({ sentAt: new Date(NOW - 9 * 60_000) }), NOW)).toBe(false);
});

test('never takes an event of the sender', () => {
  expect(isLeftOver(entry({ reason: 'invalid-event', eventType: 'user-status.created' }), NOW)).toBe(false);
});
