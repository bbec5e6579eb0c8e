import { expect, test } from 'vitest';
import { headlineOf, toEntry } from '../../../../tools/ops/replay/entry.ts';

function message(attributes: Readonly<Record<string, string>>) {
  return {
    MessageId: 'id',
    Body: '{}',
    Attributes: { SentTimestamp: String(Date.UTC(2026, 10, 20, 11)) },
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

const line = (attributes: Readonly<Record<string, string>>) => headlineOf(toEntry(message(attributes)));
const receivedAt = '2026-11-20T10:00:00.123Z';

test('names the other webhook of Veriff that the receiver knew', () => {
  expect(line({ receivedAt, reason: 'other-webhook', webhook: 'decision', integration: 'live' })).toBe(
    '2026-11-20T10:00:00.123Z  other-webhook  decision webhook  integration live',
  );
  expect(line({ receivedAt, reason: 'other-webhook', webhook: 'fullauto', eventType: 'fullauto' })).toBe(
    '2026-11-20T10:00:00.123Z  other-webhook  fullauto webhook',
  );
});

test('names the event type of everything else, or that it has none', () => {
  expect(line({ receivedAt, reason: 'invalid-event', eventType: 'user-status.created' })).toBe(
    '2026-11-20T10:00:00.123Z  invalid-event  user-status.created',
  );
  expect(line({ receivedAt, reason: 'not-json' })).toBe('2026-11-20T10:00:00.123Z  not-json  no event type');
});

test.each([
  ['no calendar has', '2026-02-30T10:00:00.123Z'],
  ['Date cannot read', '2026-01-01T00:00:00+00'],
])('takes the time that SQS says when %s the one that was received', (_what, given) => {
  expect(line({ receivedAt: given, reason: 'not-json' })).toContain('2026-11-20T11:00:00.000Z');
});

test('steers no terminal', () => {
  expect(line({ receivedAt, reason: 'other-webhook', webhook: 'a\u001b[2J' })).toContain(
    'a\\u{1b}[2J webhook',
  );
});
