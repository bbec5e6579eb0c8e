import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeys, readFrom } from '../../functions/receiver/secrets.ts';
import { type SecretsManager, startSecretsManager } from '../../tools/local/secrets-manager.ts';
import { FAULTS } from '../../tools/torture/fault.ts';
import { always, type FaultProxy, startFaultProxy } from '../../tools/torture/fault-proxy.ts';
import { ANSWER_WITHIN_MS } from './rig.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:veriff-AbCdEf';
const TTL_MS = 5 * 60_000;

let manager: SecretsManager;
beforeAll(async () => {
  manager = await startSecretsManager();
  manager.store.create('veriff', ARN, { SecretString: 'the-key-that-is-known' });
});
afterAll(() => manager.stop());

/** Keys as the function makes them, with a proxy and a clock of their own. */
async function withKeys(
  act: (
    proxy: FaultProxy,
    firstKey: () => Promise<string | undefined>,
    pass: (ms: number) => void,
  ) => Promise<void>,
) {
  const proxy = await startFaultProxy('secretsManager');
  proxy.forwardTo(manager.endpoint);
  const client = new SecretsManagerClient({
    endpoint: proxy.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  let clock = Date.now();
  const keys = createKeys(readFrom(client, ARN), { graceMs: 0, warn: () => {}, now: () => clock });
  const firstKey = async () => {
    for await (const [key] of keys(AbortSignal.timeout(ANSWER_WITHIN_MS))) return key?.secret;
    return undefined;
  };
  try {
    await act(proxy, firstKey, (ms) => {
      clock += ms;
    });
  } finally {
    client.destroy();
    await proxy.stop();
  }
}

describe.concurrent('a secret that is older than its time in memory', () => {
  it.each(FAULTS)('goes on serving while it cannot be read again, and is read when it can: %s', (fault) =>
    withKeys(async (proxy, firstKey, pass) => {
      expect(await firstKey()).toBe('the-key-that-is-known');
      proxy.plan(always(fault));
      pass(TTL_MS);
      expect(await firstKey()).toBe('the-key-that-is-known');
      expect(proxy.calls()).toBe(fault === 'slow' ? 1 : 2);
      proxy.heal();
      pass(TTL_MS);
      expect(await firstKey()).toBe('the-key-that-is-known');
      expect(proxy.calls()).toBe(1);
    }),
  );
});
