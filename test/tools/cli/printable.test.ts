import { expect, it } from 'vitest';
import { printable, printableLines } from '../../../tools/cli/printable.ts';

it.each([
  ['a line break', 'a\nb', 'a\\nb'],
  ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
  ['a change of direction', 'a\u202Eb', 'a\\u{202e}b'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['nothing to escape', 'naïve 🔑', 'naïve 🔑'],
])('text on one line has %s escaped', (_, text, printed) => expect(printable(text)).toBe(printed));

it('text of several lines keeps them', () => expect(printableLines('a\r\n\tb\nc')).toBe('a\n\\u{9}b\nc'));
