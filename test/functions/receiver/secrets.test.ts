import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../functions/receiver/retry.ts';
import {
  type ReadSecret,
  type SecretVersion,
  type StagingLabel,
  UnusableSecretError,
} from '../../../functions/receiver/secret-version.ts';
import { createKeyCache } from '../../../functions/receiver/secrets.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-23T10:00:00Z');
const PLACEHOLDER = '{"placeholder":"random-text-of-32-characters-at-least"}';
const inTime = new AbortController().signal;

type Fault = (label: StagingLabel) => Promise<SecretVersion | undefined> | undefined;

const OUTAGE: Fault = () => Promise.reject(new Error('no answer'));
const DELETED: Fault = () => Promise.reject(new UnusableSecretError('The secret is scheduled for deletion.'));
const MISSING: Fault = () => Promise.resolve(undefined);
const PREVIOUS_FAILS: Fault = (label) => (label === 'AWSPREVIOUS' ? OUTAGE(label) : undefined);

/** A key long enough to be one, of a short name; other text as it is. */
const keyOf = (name: string) => (/^\w+$/.test(name) ? name.padEnd(16, '.') : name);

/** A secret with a clock of its own, and one environment of the function, which is cold until the first delivery. */
function secret(value = 'first', { graceMs = 24 * HOUR, ageMs = 100 * HOUR } = {}) {
  let now = START;
  let fault: Fault = () => undefined;
  let versions: Record<StagingLabel, SecretVersion | undefined> = {
    AWSCURRENT: { id: value, value: keyOf(value), createdAt: new Date(START - ageMs) },
    AWSPREVIOUS: undefined,
  };
  const reads: { readonly label: StagingLabel; readonly at: number }[] = [];
  const warnings: string[] = [];
  const read: ReadSecret = async (label) => {
    reads.push({ label, at: now });
    return (await fault(label)) ?? (fault === MISSING ? undefined : versions[label]);
  };
  const start = () =>
    createKeyCache(read, { graceMs, warn: (message) => warnings.push(message), now: () => now });
  let environment: ReturnType<typeof start> | undefined;

  return {
    reads,
    warnings,
    pass(ms: number) {
      now += ms;
    },
    /** Stores a value, as PutSecretValue does. */
    store(next: string, createdAt = now) {
      const version = { id: `${next} of ${now}`, value: keyOf(next), createdAt: new Date(createdAt) };
      versions = { AWSCURRENT: version, AWSPREVIOUS: versions.AWSCURRENT };
    },
    /** Moves the label AWSCURRENT back, as UpdateSecretVersionStage does. */
    rollBack() {
      versions = { AWSCURRENT: versions.AWSPREVIOUS, AWSPREVIOUS: versions.AWSCURRENT };
    },
    removePrevious() {
      versions = { ...versions, AWSPREVIOUS: undefined };
    },
    meet(next: Fault) {
      fault = next;
    },
    recover() {
      fault = () => undefined;
    },
    /** The next delivery finds a cold environment. */
    restart() {
      environment = undefined;
    },
    start() {
      environment ??= start();
      return environment;
    },
    /** What becomes of a delivery that this key signed: the version that verified it, 401 or 503. */
    async deliver(name: string, deadline = inTime): Promise<StagingLabel | 401 | 503> {
      environment ??= start();
      try {
        const key = await environment.findKey(
          (keys) => keys.find(({ secret: stored }) => stored === keyOf(name)),
          deadline,
        );
        return key?.label ?? 401;
      } catch (error) {
        expect(error).toBeInstanceOf(UnavailableError);
        return 503;
      }
    },
    /** The most reads that fell into any 30 seconds since then. */
    mostReadsSince(index: number) {
      const since = reads.slice(index);
      return Math.max(
        0,
        ...since.map(
          ({ at }) => since.filter((other) => other.at >= at && other.at < at + 30 * SECOND).length,
        ),
      );
    },
  };
}

describe('a key', () => {
  it('is used from memory by the real clock, too', async () => {
    let reads = 0;
    const read: ReadSecret = async () => {
      reads += 1;
      return { id: 'first', value: keyOf('first'), createdAt: new Date(START) };
    };
    const { findKey } = createKeyCache(read, { graceMs: 0, warn: () => {} });
    for (let delivery = 0; delivery < 2; delivery++)
      expect(await findKey(([key]) => key, inTime)).toBeDefined();
    expect(reads).toBe(1);
  });

  it('that is stored is taken, from memory after the first read', async () => {
    const env = secret();
    for (let delivery = 0; delivery < 100; delivery++) expect(await env.deliver('first')).toBe('AWSCURRENT');
    expect(env.reads).toHaveLength(1);
  });

  it('is read before a delivery asks for it', async () => {
    const env = secret();
    await env.start().firstRead;
    expect(env.reads).toEqual([{ label: 'AWSCURRENT', at: START }]);
  });

  it('that is not stored is refused', async () => {
    expect(await secret().deliver('forged')).toBe(401);
  });

  it.each([
    ['in a list', JSON.stringify([keyOf('a'), keyOf('b')])],
    ['under names', JSON.stringify({ live: keyOf('a'), test: [keyOf('b')] })],
  ])('is taken beside others: %s', async (_, value) => {
    const env = secret(value);
    expect([await env.deliver('a'), await env.deliver('b'), await env.deliver('c')]).toEqual([
      'AWSCURRENT',
      'AWSCURRENT',
      401,
    ]);
  });

  it('just stored is taken with the first delivery that it signs', async () => {
    const env = secret();
    await env.deliver('first');
    env.pass(10 * SECOND);
    env.store('second');
    expect(await env.deliver('second')).toBe('AWSCURRENT');
  });

  it('stored right after another one is taken with the first delivery that it signs', async () => {
    const env = secret();
    await env.deliver('first');
    for (const name of ['second', 'third', 'fourth']) {
      env.pass(SECOND);
      env.store(name);
      expect(await env.deliver(name)).toBe('AWSCURRENT');
    }
  });

  it('stored right after a due refresh is taken with the first delivery that it signs', async () => {
    const env = secret();
    await env.deliver('first');
    env.pass(5 * MINUTE);
    await env.deliver('first');
    env.pass(1);
    env.store('second');
    expect(await env.deliver('second')).toBe('AWSCURRENT');
  });

  it('stored while the secret is being read is taken with the first delivery that it signs', async () => {
    const env = secret();
    await env.deliver('first');
    env.pass(5 * MINUTE);
    const answer = Promise.withResolvers<SecretVersion>();
    env.meet((label) => (label === 'AWSCURRENT' ? answer.promise : undefined));
    const due = env.deliver('first');
    env.recover();
    env.store('second');
    const signed = env.deliver('second');
    answer.resolve({ id: 'first', value: keyOf('first'), createdAt: new Date(START) });
    expect([await due, await signed]).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });

  it('just stored is taken with all deliveries that it signs at the same time', async () => {
    const env = secret();
    await env.deliver('first');
    env.store('second');
    const answers = await Promise.all(Array.from({ length: 20 }, () => env.deliver('second')));
    expect(new Set(answers)).toEqual(new Set(['AWSCURRENT']));
    expect(env.reads).toHaveLength(3);
  });

  it('stored during a flood of forgeries is taken after 30 seconds at most', async () => {
    const env = secret();
    await env.deliver('forged');
    env.store('second');
    env.pass(30 * SECOND - 1);
    expect(await env.deliver('forged')).toBe(401);
    env.pass(1);
    expect(await env.deliver('second')).toBe('AWSCURRENT');
  });

  it('taken out of the value ends within five minutes, once its grace period is over', async () => {
    const env = secret('leaked', { graceMs: 0 });
    await env.deliver('leaked');
    env.store('second');
    env.pass(5 * MINUTE - 1);
    expect(await env.deliver('leaked')).toBe('AWSCURRENT');
    env.pass(1);
    expect(await env.deliver('leaked')).toBe(401);
  });

  it.each<[string, (env: ReturnType<typeof secret>) => void]>([
    ['overwritten with a value that is no key', (env) => env.store('{ garbage')],
    ['reset to the placeholder', (env) => env.store(PLACEHOLDER)],
    ['scheduled for deletion', (env) => env.meet(DELETED)],
    ['deleted', (env) => env.meet(MISSING)],
  ])('of a secret that was %s ends within five minutes, however much traffic there is', async (_, end) => {
    const env = secret('leaked');
    await env.deliver('leaked');
    end(env);
    let last: unknown;
    for (let second = 0; second <= 300; second++) {
      last = await env.deliver('leaked');
      if (second < 300) expect(last).toBe('AWSCURRENT');
      env.pass(SECOND);
    }
    expect(last).toBe(503);
    expect(env.warnings).toEqual([
      'The secret is no longer usable: the keys that were read before are no longer accepted.',
    ]);
  });

  it('stored after an unusable value is taken at once', async () => {
    const env = secret();
    await env.deliver('first');
    env.store('{ garbage');
    env.pass(5 * MINUTE);
    expect(await env.deliver('first')).toBe(503);
    env.store('second');
    expect(await env.deliver('second')).toBe('AWSCURRENT');
  });
});

describe('a secret that cannot be read', () => {
  it('serves what was read for an hour after the last good read, then makes deliveries unavailable', async () => {
    const env = secret();
    await env.deliver('first');
    env.meet(OUTAGE);
    for (let minute = 0; minute < 60; minute++) {
      expect(await env.deliver('first')).toBe('AWSCURRENT');
      env.pass(MINUTE);
    }
    expect(await env.deliver('first')).toBe(503);
    env.recover();
    expect(await env.deliver('first')).toBe('AWSCURRENT');
  });

  it('is tried again every 30 seconds while keys serve, each time with a warning', async () => {
    const env = secret();
    await env.deliver('first');
    env.pass(5 * MINUTE);
    env.meet(OUTAGE);
    for (let second = 0; second < 60; second++) {
      await env.deliver('first');
      env.pass(SECOND);
    }
    const warning =
      'The secret could not be read: the keys that were read before are accepted for one hour at most.';
    expect(env.warnings).toEqual([warning, warning]);
  });

  it('makes a delivery that no key verifies unavailable, not refused', async () => {
    const env = secret();
    await env.deliver('first');
    env.meet(OUTAGE);
    expect(await env.deliver('second')).toBe(503);
    await expect(env.start().findKey(() => undefined, inTime)).rejects.toMatchObject({
      dependency: 'secret',
      message: 'No key matches, and the secret could not be refreshed.',
      cause: { message: 'no answer' },
    });
    env.pass(29 * SECOND);
    expect(await env.deliver('second')).toBe(503);
    env.recover();
    env.store('second');
    env.pass(SECOND);
    expect(await env.deliver('second')).toBe('AWSCURRENT');
  });

  it('from the start is read by each delivery: a failure is not remembered', async () => {
    const env = secret();
    env.meet(OUTAGE);
    expect(await env.deliver('first')).toBe(503);
    expect(env.warnings).toEqual([]);
    env.recover();
    expect(await env.deliver('first')).toBe('AWSCURRENT');
  });

  it('once is read again within the delivery', async () => {
    const env = secret();
    let isFirst = true;
    env.meet((label) => {
      const answer = isFirst ? OUTAGE(label) : undefined;
      isFirst = false;
      return answer;
    });
    expect(await env.deliver('first')).toBe('AWSCURRENT');
    expect(env.warnings).toEqual([]);
  });

  it('holds no delivery up for longer than it has', async () => {
    const env = secret();
    env.meet(() => new Promise(() => {}));
    expect(await env.deliver('first', AbortSignal.abort(new Error('the deadline')))).toBe(503);
    await expect(
      env.start().findKey(() => undefined, AbortSignal.abort(new Error('the deadline'))),
    ).rejects.toMatchObject({
      dependency: 'secret',
      message: 'The secret was not read in time.',
      cause: { message: 'the deadline' },
    });
  });

  it.each([
    ['is the placeholder', PLACEHOLDER, 'The secret is still the placeholder.', true],
    ['is garbage', '{ garbage', 'The secret starts with { or [', false],
    ['is empty', '', 'The secret is empty.', false],
  ])(
    'with a value that %s makes deliveries unavailable, and says why',
    async (_, value, problem, isPlaceholder) => {
      const { findKey } = secret(value).start();
      await expect(findKey(() => undefined, inTime)).rejects.toMatchObject({
        dependency: 'secret',
        message: 'The secret cannot be used.',
        cause: { name: 'UnusableSecretError', message: expect.stringContaining(problem), isPlaceholder },
      });
    },
  );

  it('because there is none says so', async () => {
    const env = secret();
    env.meet(MISSING);
    await expect(env.start().findKey(() => undefined, inTime)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('The secret does not exist') },
    });
  });
});

describe('an environment that was frozen while it read', () => {
  it.each([
    ['fails', OUTAGE],
    ['gives what was stored before the freeze', undefined],
  ])('reads again when that read %s', async (_, end) => {
    const env = secret('first', { graceMs: 0 });
    const dying = Promise.withResolvers<SecretVersion>();
    env.meet(() => dying.promise);
    env.start();
    env.pass(10 * HOUR);
    env.recover();
    env.store('second');
    const first = env.deliver('second');
    if (end) dying.reject(new Error('a dead connection'));
    else dying.resolve({ id: 'first', value: keyOf('first'), createdAt: new Date(START) });
    expect(await first).toBe('AWSCURRENT');
  });
});

describe('the previous version', () => {
  it('serves for the grace period after the current one was created', async () => {
    const env = secret('old');
    env.store('new');
    expect(await env.deliver('old')).toBe('AWSPREVIOUS');
    env.pass(24 * HOUR - 1);
    expect(await env.deliver('old')).toBe('AWSPREVIOUS');
    env.pass(1);
    expect(await env.deliver('old')).toBe(401);
  });

  it('serves whether the environment was warm or cold when the new one was stored', async () => {
    const warm = secret('old');
    await warm.deliver('old');
    const cold = secret('old');
    for (const env of [warm, cold]) {
      env.pass(MINUTE);
      env.store('new');
      expect(await env.deliver('new')).toBe('AWSCURRENT');
      env.pass(MINUTE);
      expect(await env.deliver('old')).toBe('AWSPREVIOUS');
    }
  });

  it.each([false, true])('serves after a rollback of the labels, too (cold: %s)', async (isCold) => {
    const env = secret('old');
    await env.deliver('old');
    env.pass(HOUR);
    env.store('new');
    await env.deliver('new');
    env.pass(HOUR);
    env.rollBack();
    if (isCold) env.restart();
    expect(await env.deliver('new')).toBe('AWSPREVIOUS');
    expect(await env.deliver('old')).toBe('AWSCURRENT');
    env.pass(23 * HOUR);
    expect(await env.deliver('new')).toBe(401);
  });

  it('does not serve when the current one was staged longer ago than the grace period', async () => {
    const env = secret('old');
    await env.deliver('old');
    env.pass(48 * HOUR);
    env.store('new', START);
    expect(await env.deliver('new')).toBe('AWSCURRENT');
    expect(await env.deliver('old')).toBe(401);
  });

  it('is never read where the grace period is none', async () => {
    const env = secret('old', { graceMs: 0 });
    env.store('new');
    expect(await env.deliver('old')).toBe(401);
    expect(env.reads.map(({ label }) => label)).not.toContain('AWSPREVIOUS');
  });

  it('is the one before the current one: the one before that ends', async () => {
    const env = secret('a');
    env.store('b');
    expect(await env.deliver('a')).toBe('AWSPREVIOUS');
    env.pass(MINUTE);
    env.store('c');
    expect(await env.deliver('c')).toBe('AWSCURRENT');
    expect(await env.deliver('a')).toBe(401);
    expect(await env.deliver('b')).toBe('AWSPREVIOUS');
  });

  it('that was taken away ends within five minutes', async () => {
    const env = secret('leaked');
    env.store('new');
    expect(await env.deliver('leaked')).toBe('AWSPREVIOUS');
    env.removePrevious();
    env.pass(5 * MINUTE);
    expect(await env.deliver('leaked')).toBe(401);
  });

  it('that cannot be read does not keep a new current one from being used', async () => {
    const env = secret('old');
    await env.deliver('old');
    env.pass(MINUTE);
    env.store('new');
    env.meet(PREVIOUS_FAILS);
    expect(await env.deliver('new')).toBe('AWSCURRENT');
    expect(env.warnings).toEqual(['The version AWSPREVIOUS could not be read.']);
    expect(await env.deliver('old')).toBe(503);
    env.pass(30 * SECOND);
    env.recover();
    expect(await env.deliver('old')).toBe('AWSPREVIOUS');
  });

  it('that was read before ends with the current one that it came before, read again or not', async () => {
    const env = secret('a');
    env.store('b');
    expect(await env.deliver('a')).toBe('AWSPREVIOUS');
    env.pass(MINUTE);
    env.store('c');
    env.meet(PREVIOUS_FAILS);
    expect(await env.deliver('c')).toBe('AWSCURRENT');
    expect(await env.deliver('a')).toBe(503);
  });

  it('that was read before goes on serving for an hour while it cannot be read', async () => {
    const env = secret('old');
    env.store('new');
    expect(await env.deliver('old')).toBe('AWSPREVIOUS');
    env.meet(PREVIOUS_FAILS);
    env.pass(59 * MINUTE);
    expect(await env.deliver('old')).toBe('AWSPREVIOUS');
    env.pass(MINUTE);
    expect(await env.deliver('old')).toBe(503);
  });

  it.each([PLACEHOLDER, '{ garbage'])(
    'that holds no key opens nothing and is no fault: %s',
    async (value) => {
      const env = secret(value);
      env.store('new');
      expect(await env.deliver('random-text-of-32-characters-at-least')).toBe(401);
      expect(await env.deliver('new')).toBe('AWSCURRENT');
      expect(env.warnings).toEqual([]);
    },
  );
});

describe('a flood of forgeries', () => {
  it.each([0, 1, 12, 100])(
    'reads each version once in 30 seconds at most, %i hours after a rotation',
    async (hours) => {
      const env = secret('old');
      env.store('new');
      env.pass(hours * HOUR);
      await env.start().firstRead;
      // The due refreshes, one in five minutes, are no doing of the flood.
      for (let step = 0; step < 590; step++) {
        expect(await env.deliver('forged')).toBe(401);
        env.pass(SECOND / 2);
      }
      expect(env.mostReadsSince(1)).toBe(2);
      expect(env.reads.length).toBeGreaterThan(15);
    },
  );

  it('of a secret that cannot be read tries each version twice in 30 seconds at most', async () => {
    const env = secret('old');
    env.store('new');
    await env.deliver('new');
    const before = env.reads.length;
    env.meet(OUTAGE);
    for (let second = 0; second < 30; second++) {
      expect(await env.deliver('forged')).toBe(503);
      env.pass(SECOND);
    }
    expect(env.mostReadsSince(before)).toBe(4);
  });

  it('of a secret whose previous version alone cannot be read keeps a new key out for 30 seconds at most', async () => {
    const env = secret('old');
    env.store('middle');
    await env.deliver('middle');
    env.meet(PREVIOUS_FAILS);
    await env.deliver('forged');
    env.store('new');
    env.pass(30 * SECOND);
    expect(await env.deliver('new')).toBe('AWSCURRENT');
  });

  it('that comes at the same time shares one read', async () => {
    const env = secret();
    await env.deliver('first');
    env.pass(MINUTE);
    await Promise.all(Array.from({ length: 20 }, () => env.deliver('forged')));
    expect(env.reads).toHaveLength(3);
  });
});
