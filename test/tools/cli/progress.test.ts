import { expect, test } from 'vitest';
import { createProgress } from '../../../tools/cli/progress.ts';

function on({ isTTY }: { isTTY: boolean }) {
  let time = 0;
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  const progress = createProgress({ isTTY, write }, () => time);
  const pass = (ms: number) => {
    time += ms;
  };
  return { progress, written, pass };
}

test('replaces its line on a terminal, a few times a second', () => {
  const { progress, written, pass } = on({ isTTY: true });
  for (const text of ['1 of 3', '2 of 3', '3 of 3']) {
    progress.show(text);
    pass(60);
  }
  expect(written).toEqual(['\r\u001b[2K1 of 3', '\r\u001b[2K3 of 3']);
});

test('takes its line off the terminal once', () => {
  const { progress, written } = on({ isTTY: true });
  progress.show('1 of 3');
  progress.clear();
  progress.clear();
  expect(written).toEqual(['\r\u001b[2K1 of 3', '\r\u001b[2K']);
});

test('writes a line into a log only now and then, and none for short work', () => {
  const { progress, written, pass } = on({ isTTY: false });
  progress.show('1 of 3');
  pass(5_000);
  progress.show('2 of 3');
  pass(1_000);
  progress.show('3 of 3');
  progress.clear();
  expect(written).toEqual(['2 of 3\n']);
});
