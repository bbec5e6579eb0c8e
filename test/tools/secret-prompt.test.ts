import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readSecret } from '../../tools/secret/prompt.ts';

/** A terminal at which somebody types. */
function terminal() {
  let raw = false;
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(on: boolean) {
      raw = on;
      return input;
    },
  });
  const shown: string[] = [];
  const output = { write: (text: string) => shown.push(text) > 0 };
  return { input, shown, answer: readSecret('Key: ', input, output), isRaw: () => raw };
}

test('shows the question and nothing of what is typed', async () => {
  const { input, shown, answer, isRaw } = terminal();
  // What the terminal itself would echo, it leaves to the program in raw mode.
  expect(isRaw()).toBe(true);
  input.write('wrung\u007f\u007f\u007fong-key\r');
  expect(await answer).toBe('wrong-key');
  expect([shown.join(''), isRaw()]).toEqual(['Key: \n', false]);
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('stores nothing after %s', async (_name, key) => {
  const { input, answer } = terminal();
  input.write(key);
  await expect(answer).rejects.toThrow('Nothing was stored.');
});
