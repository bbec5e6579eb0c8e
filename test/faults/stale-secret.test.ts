import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readFrom } from '../../functions/receiver/secret-version.ts';
import { createKeyCache } from '../../functions/receiver/secrets.ts';
import { localClient } from '../../tools/local/addresses.ts';
import { type SecretsManager, startSecretsManager } from '../../tools/local/secrets-manager.ts';
import { FAULTS } from '../support/fault.ts';
import { always, startFaultProxy } from '../support/fault-proxy.ts';
import { ANSWER_WITHIN_MS } from './rig.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:veriff-AbCdEf';
const KEY = 'the-key-that-is-known';
const TTL_MS = 5 * 60_000;
/** While reading fails, and after it. */
const PAUSE_MS = 30_000;

let manager: SecretsManager;
beforeAll(async () => {
  manager = await startSecretsManager();
  manager.store.create('veriff', ARN, { SecretString: KEY });
});
afterAll(() => manager.stop());

/** Keys as the function makes them, with a proxy and a clock of their own. */
async function startKeys({ onTestFinished }: TestContext) {
  const proxy = await startFaultProxy('secretsManager');
  proxy.forwardTo(manager.endpoint);
  const client = new SecretsManagerClient({ ...localClient(proxy.endpoint), maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await proxy.stop();
  });
  let clock = Date.now();
  const { findKey } = createKeyCache(readFrom(client, ARN), { graceMs: 0, warn: () => {}, now: () => clock });
  return {
    proxy,
    async firstKey() {
      const found = await findKey(([key]) => key, AbortSignal.timeout(ANSWER_WITHIN_MS));
      return found?.secret;
    },
    pass(ms: number) {
      clock += ms;
    },
  };
}

/** Secrets Manager itself says that there is no such secret. */
const DELETED = 'missing';

describe.concurrent('a secret that is older than its time in memory', () => {
  it.for(FAULTS.filter((fault) => fault !== DELETED))(
    'goes on serving while it cannot be read again, and is read when it can: %s',
    async (fault, context) => {
      const { proxy, firstKey, pass } = await startKeys(context);
      expect(await firstKey()).toBe(KEY);
      proxy.plan(always(fault));
      pass(TTL_MS);
      expect(await firstKey()).toBe(KEY);
      expect(proxy.calls.length).toBe(fault === 'slow' ? 1 : 2);
      proxy.heal();
      pass(fault === 'slow' ? TTL_MS : PAUSE_MS);
      expect(await firstKey()).toBe(KEY);
      expect(proxy.calls.length).toBe(1);
    },
  );

  it('ends when it was deleted, and serves again when it is there again', async (context) => {
    const { proxy, firstKey, pass } = await startKeys(context);
    expect(await firstKey()).toBe(KEY);
    proxy.plan(always(DELETED));
    pass(TTL_MS);
    await expect(firstKey()).rejects.toThrow('cannot be used');
    proxy.heal();
    expect(await firstKey()).toBe(KEY);
  });
});
