import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { tryTwice, unlessAborted, withTimeout } from '../../../functions/receiver/retry.ts';

const limits = { limitMs: 1_000 };

/** A task that fails in each way in turn and then succeeds; counts its calls. */
function failing(...ways: readonly ((signal: AbortSignal) => Promise<string>)[]) {
  const task = {
    calls: 0,
    run: (signal: AbortSignal) => (ways[task.calls++] ?? (() => Promise.resolve('done')))(signal),
  };
  return task;
}

const fail = () => Promise.reject(new Error('failed'));
/** Never settles and ignores its signal, like an answer that stalls after its headers. */
const stall = () => new Promise<never>(() => {});

describe('tryTwice', () => {
  it('calls once when that succeeds', async () => {
    const task = failing();
    await expect(tryTwice(task.run, limits)).resolves.toBe('done');
    expect(task.calls).toBe(1);
  });

  it('calls once more after a failure', async () => {
    const task = failing(fail);
    await expect(tryTwice(task.run, limits)).resolves.toBe('done');
    expect(task.calls).toBe(2);
  });

  it('waits 20 to 80 ms before it calls again, not always as long', async () => {
    const pauses: number[] = [];
    // One after the other: a machine that stands still for a moment would make all of them equal.
    while (pauses.length < 10) {
      let failedAt = Number.NaN;
      await tryTwice(() => {
        if (!Number.isNaN(failedAt)) return Promise.resolve(pauses.push(performance.now() - failedAt));
        failedAt = performance.now();
        return Promise.reject(new Error('failed'));
      }, limits);
    }
    // A timer is up to a millisecond early, and as late as the machine is busy.
    expect(Math.min(...pauses)).toBeGreaterThan(18);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(5);
  });

  it('calls once more after a stall', async () => {
    const task = failing(stall);
    await expect(tryTwice(task.run, { limitMs: 10 })).resolves.toBe('done');
  });

  it('calls twice at the most and throws what the last call threw', async () => {
    const last = new Error('the last');
    const task = failing(fail, () => Promise.reject(last), fail);
    await expect(tryTwice(task.run, limits)).rejects.toBe(last);
    expect(task.calls).toBe(2);
  });

  it('tells the task when its time is over', async () => {
    const signals: AbortSignal[] = [];
    const task = failing((signal) => {
      signals.push(signal);
      return stall();
    });
    await tryTwice(task.run, { limitMs: 10 });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('does not try again after the deadline', async () => {
    const task = failing(stall);
    const deadline = AbortSignal.timeout(10);
    await expect(tryTwice(task.run, { ...limits, deadline })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(task.calls).toBe(1);
  });

  it('ends the second try at the deadline, too', async () => {
    const controller = new AbortController();
    const task = failing(fail, () => {
      controller.abort(new Error('over'));
      return stall();
    });
    await expect(tryTwice(task.run, { ...limits, deadline: controller.signal })).rejects.toThrow('over');
    expect(task.calls).toBe(2);
  });
});

describe('withTimeout', () => {
  it('aborts the task when its time is over, with a TimeoutError', async () => {
    const { promise: reason, resolve } = Promise.withResolvers<unknown>();
    await withTimeout(10, (signal) => {
      signal.addEventListener('abort', () => resolve(signal.reason));
      return reason;
    });
    expect(await reason).toMatchObject({ name: 'TimeoutError', message: 'Timed out after 10 ms.' });
  });

  it('aborts the task when the outer signal does, for its reason, even if that was before', async () => {
    const reasonOf = (outer: AbortSignal) => withTimeout(1_000, async (signal) => signal.reason, outer);
    expect(await reasonOf(AbortSignal.abort('over'))).toBe('over');
  });

  it('leaves nothing behind: neither a clock nor a listener', async () => {
    const outer = new AbortController();
    const signals: AbortSignal[] = [];
    const before = process.getActiveResourcesInfo().length;
    for (let time = 0; time < 50; time++) {
      await withTimeout(60_000, async (signal) => void signals.push(signal), outer.signal);
    }
    expect(process.getActiveResourcesInfo().length).toBeLessThan(before + 50);
    outer.abort();
    expect(signals.filter(({ aborted }) => aborted)).toEqual([]);
  });
});

describe('unlessAborted', () => {
  it('gives the result of a promise that settles first', async () => {
    await expect(unlessAborted(AbortSignal.timeout(1_000), Promise.resolve(1))).resolves.toBe(1);
    await expect(unlessAborted(AbortSignal.timeout(1_000), fail())).rejects.toThrow('failed');
  });

  it('leaves nothing on the signal, which may outlive many calls', async () => {
    const { signal } = new AbortController();
    await unlessAborted(signal, Promise.resolve(1));
    await unlessAborted(signal, fail()).catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('throws the reason of a signal that came before', async () => {
    await expect(unlessAborted(AbortSignal.abort(new Error('over')), stall())).rejects.toThrow('over');
  });
});
