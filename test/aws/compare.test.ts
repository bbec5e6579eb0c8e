import { expect, test } from 'vitest';
import { toEntry } from '../../tools/ops/replay/entry.ts';
import { compare } from './compare.ts';

const sent = ['a', 'b'].map((letter) => ({ eventId: letter.repeat(64), body: `body ${letter}` }));
const found = sent.map(({ eventId, body }) =>
  toEntry({
    MessageId: eventId,
    Body: body,
    Attributes: { SentTimestamp: '0' },
    MessageAttributes: { eventId: { DataType: 'String', StringValue: eventId } },
  }),
);

test('finds the same events when every one that was accepted is there, byte for byte', () => {
  expect(compare(sent, found)).toBe('2 accepted, 2 found, 0 lost, 0 altered');
  expect(compare(sent, [...found, ...found])).toContain('0 lost, 0 altered');
});

test('counts what was lost, what was altered, and sees what nobody sent', () => {
  expect(() => compare(sent, found.slice(0, 1))).toThrow('1 lost, 0 altered');
  const altered = found.map((entry) => ({ ...entry, original: { ...entry.original, body: 'other' } }));
  expect(() => compare(sent, altered)).toThrow('0 lost, 2 altered');
  expect(() => compare(sent.slice(0, 1), found)).toThrow('1 accepted, 2 found');
  expect(compare(sent.slice(0, 1), found, 1)).toContain('1 accepted, 2 found, 0 lost');
});
