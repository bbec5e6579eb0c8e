import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm, readSecret } from '../../../../tools/ops/secret/prompt.ts';

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
  return { input, output, shown, isRaw: () => raw };
}

function asked() {
  const { input, output, ...rest } = terminal();
  return { input, ...rest, answer: readSecret('Key: ', input, output) };
}

test('shows the question and nothing of what is typed', async () => {
  const { input, shown, answer, isRaw } = asked();
  // What the terminal itself would echo, it leaves to the program in raw mode.
  expect(isRaw()).toBe(true);
  input.write('wrung\u007f\u007f\u007fong-key\r');
  expect(await answer).toBe('wrong-key');
  expect([shown.join(''), isRaw()]).toEqual(['Key: \n', false]);
});

test.each([
  ['in one piece', ['one\rtwo\r']],
  ['whose last line nobody ended', ['one\rtwo']],
  ['line by line', ['one\r', 'two\r']],
])('takes a whole paste, %s', async (_what, pieces) => {
  const { input, answer } = asked();
  for (const piece of pieces) input.write(piece);
  expect(await answer).toBe('one\ntwo');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])(
  'ends in a sentence after %s, which the command completes with "Nothing was stored"',
  async (_name, key) => {
    const { input, answer } = asked();
    input.write(key);
    await expect(answer).rejects.toThrow(/^expected an answer, got Ctrl-C or Ctrl-D$/);
  },
);

test.each([
  ['y', true],
  ['YES', true],
  ['', false],
  ['no', false],
  ['yesterday', false],
])('takes %j for %s', async (typed, agreed) => {
  const { input, output } = terminal();
  const answer = confirm('Go on?', input, output);
  input.write(`${typed}\r`);
  expect(await answer).toBe(agreed);
});

test('asks nobody when there is no terminal', async () => {
  const { output, shown } = terminal();
  expect([await confirm('Go on?', new PassThrough(), output), shown]).toEqual([undefined, []]);
});
