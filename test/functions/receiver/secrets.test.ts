import type { RequestListener } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../functions/receiver/attempt.ts';
import {
  createKeys,
  type Keys,
  type ReadSecret,
  readFrom,
  type SecretVersion,
} from '../../../functions/receiver/secrets.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { startSecretsManager } from '../../../tools/local/secrets-manager.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const START = Date.parse('2026-11-23T10:00:00Z');
const deadline = new AbortController().signal;

/** A key long enough to be one, of a short name; other text as it is. */
const named = (name: string) => (/^\w+$/.test(name) ? name.padEnd(16, '.') : name);

/** A store with a clock of its own, and what was asked of it. */
function store(value = 'first', { graceMs = 24 * HOUR } = {}) {
  let now = START;
  let fault: (() => Promise<never>) | undefined;
  let faults = 0;
  let failing: string | undefined;
  let readMs = 0;
  const versions: { AWSCURRENT: SecretVersion | undefined; AWSPREVIOUS: SecretVersion | undefined } = {
    AWSCURRENT: { id: value, value: named(value), createdAt: new Date(START - 100 * HOUR) },
    AWSPREVIOUS: undefined,
  };
  const reads: { stage: string; at: number }[] = [];
  const warnings: string[] = [];
  const read: ReadSecret = async (stage) => {
    reads.push({ stage, at: now });
    now += readMs;
    if (fault !== undefined && (failing === undefined || failing === stage) && faults-- > 0) return fault();
    return versions[stage];
  };
  let keys: Keys | undefined;
  const start = () => {
    keys ??= createKeys(read, { graceMs, warn: (message) => warnings.push(message), now: () => now });
    return keys;
  };
  return {
    reads,
    warnings,
    versions,
    /** Starts the environment; the first delivery does it, too. */
    start,
    stages: () => reads.map(({ stage }) => stage),
    pass: (ms: number) => {
      now += ms;
    },
    rotate: (next: string) => {
      versions.AWSPREVIOUS = versions.AWSCURRENT;
      versions.AWSCURRENT = { id: next, value: named(next), createdAt: new Date(now) };
    },
    /** The next reads fail, or those of one stage. */
    fail: (count = Number.POSITIVE_INFINITY, stage?: string) => {
      failing = stage;
      fault = () => Promise.reject(new Error('no answer'));
      faults = count;
    },
    /** Each read takes so long from now on. */
    takes: (ms: number) => {
      readMs = ms;
    },
    recover: () => {
      faults = 0;
    },
    /** By which version a delivery signed with this key is verified; `unread`: by one that could not be read, perhaps. */
    verifies: async (secret: string) => {
      let hasKeys = false;
      try {
        for await (const set of start()(deadline)) {
          hasKeys = true;
          const key = set.find((candidate) => candidate.secret === named(secret));
          if (key !== undefined) return key.stage;
        }
      } catch (error) {
        const unread = { dependency: 'secret', message: 'The secret cannot be read after a mismatch.' };
        if (hasKeys) {
          expect(error).toMatchObject(unread);
          return 'unread';
        }
        throw error;
      }
      return undefined;
    },
  };
}

describe('the secret', () => {
  it('is used from memory by the real clock, too', async () => {
    let reads = 0;
    const read: ReadSecret = async () => {
      reads += 1;
      return { id: 'first', value: named('first'), createdAt: new Date(START) };
    };
    const keys = createKeys(read, { graceMs: 0, warn: () => {} });
    await keys(deadline).next();
    await keys(deadline).next();
    expect(reads).toBe(1);
  });

  it('is read at once, before a delivery asks for it, and then used from memory', async () => {
    const it = store();
    it.start();
    expect(it.stages()).toEqual(['AWSCURRENT']);
    for (let delivery = 0; delivery < 100; delivery++) expect(await it.verifies('first')).toBe('AWSCURRENT');
    expect(it.reads).toHaveLength(1);
  });

  it('is read again after five minutes', async () => {
    const it = store();
    await it.verifies('first');
    it.pass(300 * SECOND - 1);
    await it.verifies('first');
    expect(it.reads).toHaveLength(1);
    it.pass(1);
    await it.verifies('first');
    expect(it.reads).toHaveLength(2);
  });

  it('that changed is found by the first signature that does not match', async () => {
    const it = store();
    await it.verifies('first');
    it.pass(10 * SECOND);
    it.rotate('second');
    expect(await it.verifies('second')).toBe('AWSCURRENT');
  });

  it('is read again after a mismatch at most every 30 seconds', async () => {
    const it = store();
    await it.verifies('first');
    it.pass(60 * SECOND);
    for (let second = 0; second < 30; second++) {
      await it.verifies('forged');
      it.pass(SECOND);
    }
    expect(it.reads).toHaveLength(2);
    await it.verifies('forged');
    expect(it.reads).toHaveLength(3);
  });

  it('that was never read is read by each delivery: a failure is not remembered', async () => {
    const it = store();
    it.fail(4);
    await expect(it.verifies('first')).rejects.toThrow(UnavailableError);
    await expect(it.verifies('first')).rejects.toThrow(UnavailableError);
    expect(await it.verifies('first')).toBe('AWSCURRENT');
    expect(it.reads).toHaveLength(5);
  });

  it('that was being read when the environment was frozen is read again by the delivery that thaws it', async () => {
    let now = START;
    const { promise: dying, reject } = Promise.withResolvers<never>();
    const reads: ReadSecret[] = [() => Promise.reject(new Error('the first try')), () => dying];
    const read: ReadSecret = (stage, signal) => {
      const version = { id: 'first', value: named('first'), createdAt: new Date(START) };
      return reads.shift()?.(stage, signal) ?? Promise.resolve(version);
    };
    const keys = createKeys(read, { graceMs: 0, warn: () => {}, now: () => now });
    while (reads.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    now += HOUR;
    const first = keys(deadline).next();
    reject(new Error('a dead connection'));
    expect((await first).value).toMatchObject([{ secret: named('first') }]);
  });

  it('is read again within the delivery when the first read fails', async () => {
    const it = store();
    it.fail(1);
    expect(await it.verifies('first')).toBe('AWSCURRENT');
    expect(it.reads).toHaveLength(2);
  });

  it('that cannot be read again goes on serving, and is asked for every 30 seconds', async () => {
    const it = store();
    await it.verifies('first');
    it.pass(301 * SECOND);
    it.fail();
    for (let second = 0; second < 29; second++) {
      expect(await it.verifies('first')).toBe('AWSCURRENT');
      it.pass(SECOND);
    }
    expect(it.reads).toHaveLength(1 + 2);
    expect(it.warnings).toEqual([
      'The secret cannot be read again. The value that was read before goes on serving.',
    ]);
    it.recover();
    it.rotate('second');
    it.pass(SECOND);
    expect(await it.verifies('second')).toBe('AWSCURRENT');
  });

  it('that becomes unusable is a failed read: the last good value goes on serving', async () => {
    const it = store();
    await it.verifies('first');
    it.rotate('{ garbage');
    it.pass(301 * SECOND);
    expect(await it.verifies('first')).toBe('AWSCURRENT');
    expect(it.warnings).not.toEqual([]);
  });

  it.each([
    ['{"placeholder":"random-text-of-32-characters-at-least"}', 'The secret is still the placeholder.', true],
    ['{ garbage', 'The secret starts with {', false],
    ['', 'The secret has fewer than 16 characters.', false],
  ])(
    'that is unusable from the start makes deliveries unavailable and says why: %s',
    async (value, problem, isPlaceholder) => {
      const error = await store(value)
        .verifies('random-text-of-32-characters-at-least')
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({
        dependency: 'secret',
        message: 'The secret cannot be used.',
        cause: { message: expect.stringContaining(problem), dependency: 'secret', isPlaceholder },
      });
    },
  );

  it('without any current version says to store one', async () => {
    const it = store();
    it.versions.AWSCURRENT = undefined;
    await expect(it.verifies('first')).rejects.toMatchObject({
      cause: {
        message:
          'Expected a version of the secret with the stage AWSCURRENT, found none. Store the shared secret.',
        dependency: 'secret',
      },
    });
  });

  it.each([
    ['read', async () => ({ id: 'first', value: named('first'), createdAt: new Date(START) })],
    ['not read', () => Promise.reject(new Error('no'))],
  ] satisfies [string, ReadSecret][])('tells when it was read at the start, or not: %s', async (_, read) => {
    let isSettled = false;
    const gate = Promise.withResolvers<void>();
    const keys = createKeys(() => gate.promise.then(() => read()), { graceMs: 0, warn: () => {} });
    keys.firstRead.then(() => {
      isSettled = true;
    });
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    gate.resolve();
    await expect(keys.firstRead).resolves.toBeUndefined();
  });

  it('is waited for no longer than the delivery has', async () => {
    const keys = createKeys(() => new Promise(() => {}), { graceMs: 0, warn: () => {} });
    await expect(keys(AbortSignal.abort()).next()).rejects.toThrow(UnavailableError);
  });

  it('is read once for deliveries that come at the same time', async () => {
    const it = store();
    await Promise.all([it.verifies('first'), it.verifies('first'), it.verifies('first')]);
    expect(it.reads).toHaveLength(1);
  });
});

describe('a late answer', () => {
  it('does not replace what a later read found', async () => {
    const controller = new AbortController();
    let now = START;
    let answers: ((version: SecretVersion) => void)[] = [];
    const read: ReadSecret = () => new Promise((resolve) => answers.push(resolve));
    const version = (value: string) => ({
      id: value,
      value: named(value),
      createdAt: new Date(START - 100 * HOUR),
    });
    const keys = createKeys(read, { graceMs: 0, warn: () => {}, now: () => now });
    answers.shift()?.(version('first'));
    const sets = keys(controller.signal);
    await sets.next();
    now += 60 * SECOND;
    const reread = sets.next();
    controller.abort();
    await reread;
    for (const answer of answers) answer(version('late'));
    answers = [];
    await new Promise(setImmediate);
    expect(await keys(deadline).next()).toMatchObject({ value: [{ secret: named('first') }] });
  });
});

describe('the previous secret', () => {
  it('serves within the grace period, which counts from the creation of the current one', async () => {
    const it = store('old');
    it.rotate('new');
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
    it.pass(24 * HOUR - 1);
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
    it.pass(1);
    expect(await it.verifies('old')).toBeUndefined();
  });

  it('serves a cold environment, too: one that has just read the current one', async () => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
    expect(it.stages()).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('serves when it was rotated while the environment was warm', async () => {
    const it = store('old');
    await it.verifies('old');
    it.pass(100 * SECOND);
    it.rotate('new');
    expect(await it.verifies('new')).toBe('AWSCURRENT');
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
  });

  it('is never read outside the grace period, or when there is none', async () => {
    const it = store('old');
    it.pass(60 * SECOND);
    await it.verifies('forged');
    const none = store('old', { graceMs: 0 });
    none.rotate('new');
    expect(await none.verifies('old')).toBeUndefined();
    expect([...it.stages(), ...none.stages()]).not.toContain('AWSPREVIOUS');
  });

  it('is the one before the current one: the one before that stops', async () => {
    const it = store('a');
    it.rotate('b');
    expect(await it.verifies('a')).toBe('AWSPREVIOUS');
    it.pass(60 * SECOND);
    it.rotate('c');
    expect(await it.verifies('c')).toBe('AWSCURRENT');
    expect(await it.verifies('a')).toBeUndefined();
    it.pass(60 * SECOND);
    expect(await it.verifies('b')).toBe('AWSPREVIOUS');
  });

  it('that was taken away stops within the five minutes for which a value is used', async () => {
    const it = store('old');
    it.rotate('new');
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
    it.versions.AWSPREVIOUS = undefined;
    it.pass(300 * SECOND);
    expect(await it.verifies('old')).toBeUndefined();
  });

  it('that is the placeholder or garbage opens nothing', async () => {
    const it = store('{"placeholder":"random-text-of-32-characters-at-least"}');
    it.rotate('new');
    expect(await it.verifies('random-text-of-32-characters-at-least')).toBeUndefined();
    expect(await it.verifies('new')).toBe('AWSCURRENT');
  });

  it.each([
    ['is a usable one', 'old'],
    ['is the placeholder', '{"placeholder":"random-text-of-32-characters-at-least"}'],
    ['does not exist', undefined],
  ])(
    'is read once in five minutes and known from then on, without a warning, when it %s',
    async (_, value) => {
      const it = store(value ?? 'old');
      it.rotate('new');
      if (value === undefined) it.versions.AWSPREVIOUS = undefined;
      for (let step = 0; step < 9; step++) {
        await it.verifies('forged');
        it.pass(31 * SECOND);
      }
      expect(it.stages().filter((stage) => stage === 'AWSPREVIOUS')).toHaveLength(1);
      expect(it.warnings).toEqual([]);
    },
  );

  it.each([
    ['is the placeholder', true],
    ['does not exist', false],
  ])('that opens nothing adds nothing to the keys: it %s', async (_, exists) => {
    const it = store('{"placeholder":"random-text-of-32-characters-at-least"}');
    it.rotate('new');
    if (!exists) it.versions.AWSPREVIOUS = undefined;
    const sets = [];
    for await (const set of it.start()(deadline)) sets.push(set);
    expect(sets).toEqual(
      Array(3).fill([{ secret: named('new'), integration: undefined, stage: 'AWSCURRENT' }]),
    );
  });

  it('that cannot be read is tried again by a later delivery', async () => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    it.fail(Number.POSITIVE_INFINITY, 'AWSPREVIOUS');
    expect(await it.verifies('old')).toBe('unread');
    expect(it.warnings).toEqual(['The secret cannot be read after a mismatch.']);
    it.recover();
    it.pass(30 * SECOND);
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
  });

  it('is tried again within the delivery when its first read fails', async () => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    it.pass(60 * SECOND);
    it.fail(1);
    // The current version takes both reads of the window; the previous one is found by the next try.
    await it.verifies('old');
    it.pass(30 * SECOND);
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
  });
});

describe('a flood of forged deliveries', () => {
  it.each([0, 1, 12, 100])(
    'makes at most two reads in any 30 seconds, %i hours after a rotation',
    async (hours) => {
      const it = store('old');
      it.rotate('new');
      it.pass(hours * HOUR);
      await it.start()(deadline).next();
      // What any environment reads before its first delivery is not the flood's doing.
      const flood = it.reads.splice(0, 1) && it.reads;
      for (let step = 0; step < 2_000; step++) {
        await it.verifies('forged');
        it.pass(SECOND / 2);
      }
      const inWindow = flood.map(
        ({ at }) => flood.filter((read) => read.at >= at && read.at < at + 30 * SECOND).length,
      );
      expect(Math.max(...inWindow)).toBeLessThanOrEqual(2);
      expect(flood.length).toBeGreaterThan(30);
    },
  );

  it.each<[string, (it: ReturnType<typeof store>) => void]>([
    ['can be read again', () => {}],
    ['cannot be read again', (it) => it.fail()],
    ['can be read again at the second try', (it) => it.fail(1)],
  ])('makes at most two reads in any 30 seconds of a secret that is stale and %s', async (_, trouble) => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    it.pass(300 * SECOND);
    trouble(it);
    const before = it.reads.length;
    for (let second = 0; second < 30; second++) {
      expect(['unread', undefined]).toContain(await it.verifies('forged'));
      it.pass(SECOND);
    }
    expect(it.reads.length - before).toBe(2);
  });

  it('does not keep the previous key from being found right after a delivery found the secret stale', async () => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    it.pass(300 * SECOND);
    expect(await it.verifies('new')).toBe('AWSCURRENT');
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
  });

  it('does not keep the previous key from being found by the delivery that finds the secret stale', async () => {
    const it = store('old');
    it.rotate('new');
    await it.verifies('new');
    it.pass(300 * SECOND);
    expect(await it.verifies('old')).toBe('AWSPREVIOUS');
  });

  it('does not keep a key that was stored in the meantime from being found for more than 30 seconds', async () => {
    const it = store('old');
    await it.verifies('forged');
    it.rotate('new');
    it.pass(29 * SECOND);
    await it.verifies('forged');
    it.pass(SECOND);
    expect(await it.verifies('new')).toBe('AWSCURRENT');
  });

  it('does not keep it longer either while the previous version cannot be read', async () => {
    const it = store('old');
    it.rotate('middle');
    await it.verifies('middle');
    it.fail(Number.POSITIVE_INFINITY, 'AWSPREVIOUS');
    it.takes(10);
    const flood = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 4) {
        await it.verifies('forged');
        it.pass(4);
      }
    };
    await flood(61 * SECOND);
    it.rotate('new');
    await flood(30 * SECOND);
    expect(await it.verifies('new')).toBe('AWSCURRENT');
  });

  it('does not keep it longer either when the secret was stale as it began', async () => {
    const it = store('old');
    it.rotate('middle');
    await it.verifies('middle');
    it.pass(300 * SECOND);
    await it.verifies('forged');
    it.rotate('new');
    it.pass(29 * SECOND);
    await it.verifies('forged');
    it.pass(SECOND);
    expect(await it.verifies('new')).toBe('AWSCURRENT');
  });
});

describe('Secrets Manager', () => {
  function readingFrom(endpoint: string): ReadSecret {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    return readFrom(client, 'veriff');
  }

  /** One that answers in its own way, until the check and what it leads to are done. */
  async function answering(
    listener: RequestListener,
    check: (read: ReadSecret) => Promise<void>,
    then: Promise<void> = Promise.resolve(),
  ) {
    const { origin, stop } = await serveOnLoopback(0, listener);
    try {
      await check(readingFrom(origin));
      await then;
    } finally {
      await stop();
    }
  }

  async function reading(
    act: (read: ReadSecret, store: Awaited<ReturnType<typeof startSecretsManager>>['store']) => Promise<void>,
  ) {
    const { endpoint, store, stop } = await startSecretsManager({ now: () => START });
    store.create('veriff', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:veriff-AbCdEf', {
      SecretString: 'first',
    });
    try {
      await act(readingFrom(endpoint), store);
    } finally {
      await stop();
    }
  }

  it('gives the version of a stage with its id and age', () =>
    reading(async (read, store) => {
      const { versionId } = store.get('veriff');
      expect(await read('AWSCURRENT', deadline)).toEqual({
        id: versionId,
        value: 'first',
        createdAt: new Date(START),
      });
    }));

  it('without a previous version gives none', () =>
    reading(async (read) => expect(await read('AWSPREVIOUS', deadline)).toBeUndefined()));

  it('without the secret is a failure', () =>
    reading(async (read, store) => {
      store.remove('veriff');
      await expect(read('AWSCURRENT', deadline)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }));

  it('with a binary secret says to store a string', () =>
    reading(async (read, store) => {
      store.put('veriff', { SecretBinary: 'AAAA' });
      await expect(read('AWSCURRENT', deadline)).rejects.toMatchObject({
        message: 'Expected the secret to be a string, got another. Store it as a string.',
        dependency: 'secret',
      });
    }));

  it.each([{ SecretString: 'first' }, { CreatedDate: 1 }])(
    'that does not give both the value and its age has given no secret: %j',
    (body) =>
      answering(
        (_, response) => response.writeHead(200).end(JSON.stringify(body)),
        (read) => expect(read('AWSCURRENT', deadline)).rejects.toThrow('Expected the secret to be a string'),
      ),
  );

  it('that does not answer in time has lost its connection: none is left waiting', async () => {
    const closed = Promise.withResolvers<void>();
    const time = new AbortController();
    await answering(
      ({ socket }) => {
        socket.once('close', () => closed.resolve());
        time.abort();
      },
      (read) => expect(read('AWSCURRENT', time.signal)).rejects.toThrow(),
      closed.promise,
    );
  });
});
