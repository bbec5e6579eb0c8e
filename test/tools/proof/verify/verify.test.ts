import { AssertionError } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Step } from '../../../../tools/proof/verify/step.ts';
import { isProven, type Verification, verify } from '../../../../tools/proof/verify/verify.ts';

/** Runs steps, and says in which order they and the removal were done. */
async function run(steps: readonly Partial<Step>[], more: Partial<Verification> = {}) {
  const done: string[] = [];
  const step = (given: Partial<Step>, claim: string): Step => ({
    claim,
    docs: 'docs',
    ...given,
    run: () => {
      done.push(claim);
      return given.run?.() ?? Promise.resolve('seen');
    },
  });
  const rows = await verify({
    steps: steps.map((given, index) => step(given, `step ${index + 1}`)),
    removal: step({}, 'removal'),
    signal: new AbortController().signal,
    isEmulated: false,
    ...more,
  });
  return { done, rows, results: rows.map(({ result }) => result) };
}

const refuted = { run: () => Promise.reject(new AssertionError({ message: 'the contrary' })) };
const failing = { run: () => Promise.reject(new Error('denied')) };

test('takes the steps in order, and removes the stage at the end', async () => {
  const { done, rows } = await run([{}, {}]);
  expect(done).toEqual(['step 1', 'step 2', 'removal']);
  expect(isProven(rows)).toBe(true);
});

test('goes on after a claim that does not hold, and says what was seen', async () => {
  const { done, rows, results } = await run([refuted, {}]);
  expect(done).toEqual(['step 1', 'step 2', 'removal']);
  expect(results).toEqual(['refuted', 'confirmed', 'confirmed']);
  expect(rows[0]?.seen).toBe('the contrary');
  expect(isProven(rows)).toBe(false);
});

test('removes the stage although what everything needs has failed, and tries nothing else', async () => {
  const { done, results, rows } = await run([{ ...refuted, isNeeded: true }, {}]);
  expect(done).toEqual(['step 1', 'removal']);
  expect(results).toEqual(['refuted', 'open', 'confirmed']);
  expect(rows[1]?.seen).toContain('step 1');
});

test('removes the stage after an interruption: the step under way ends first, no other begins', async () => {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const waiting = {
    run: async () => {
      setTimeout(() => interrupt.abort(), 10);
      await sleep(60_000, undefined, { signal });
      return 'never';
    },
  };
  const { done, results } = await run([waiting, {}], { signal });
  expect(done).toEqual(['step 1', 'removal']);
  expect(results).toEqual(['open', 'open', 'confirmed']);
});

test('takes a step that could not be done for open, which proves nothing', async () => {
  const { rows, results } = await run([failing]);
  expect(results).toEqual(['open', 'confirmed']);
  expect(rows[0]?.seen).toBe('denied');
  expect(isProven(rows)).toBe(false);
});

test('leaves a fact about AWS open without being unproven', async () => {
  const { rows } = await run([{ ...failing, isOfAws: true }]);
  expect(isProven(rows)).toBe(true);
});

test('believes an emulated account nothing about AWS, neither way', async () => {
  const { results, rows } = await run([{ isOfAws: true }, { ...refuted, isOfAws: true }, {}], {
    isEmulated: true,
  });
  expect(results).toEqual(['open', 'open', 'confirmed', 'confirmed']);
  expect(rows[0]?.seen).toContain('seen');
});

test('does not call it proven when something is left', async () => {
  const removal: Step = { claim: 'gone', docs: 'docs', ...refuted };
  const { rows } = await run([{}], { removal });
  expect(isProven(rows)).toBe(false);
});
