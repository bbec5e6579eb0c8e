import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { listen } from '../../../tools/cli/interrupt.ts';

function listening() {
  const program = new EventEmitter();
  const calls: string[] = [];
  let now = 0;
  const stop = listen(
    { first: () => calls.push('first'), second: () => calls.push('second') },
    program,
    () => now,
  );
  const signal = (name: string, afterMs: number) => {
    now += afterMs;
    program.emit(name);
  };
  return { signal, calls, stop, program };
}

test('tells the first Ctrl-C from the second', () => {
  const { signal, calls } = listening();
  signal('SIGINT', 0);
  expect(calls).toEqual(['first']);
  signal('SIGINT', 2_000);
  expect(calls).toEqual(['first', 'second']);
});

test('takes a Ctrl-C that comes twice, from the terminal and from npm, for one', () => {
  const { signal, calls } = listening();
  signal('SIGINT', 0);
  signal('SIGINT', 5);
  expect(calls).toEqual(['first']);
});

test('does at SIGTERM and SIGHUP what it does at Ctrl-C', () => {
  for (const name of ['SIGTERM', 'SIGHUP']) {
    const { signal, calls } = listening();
    signal(name, 0);
    expect(calls).toEqual(['first']);
  }
});

test('listens no longer than it is asked to', () => {
  const { stop, program } = listening();
  stop();
  expect(program.eventNames()).toEqual([]);
});
