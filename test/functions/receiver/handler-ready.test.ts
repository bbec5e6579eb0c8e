import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LoopbackServer, serveOnLoopback } from '../../../tools/local/loopback.ts';

let server: LoopbackServer;
let asked = 0;
let ready: Promise<void>;

beforeAll(async () => {
  // Takes the call and never answers.
  server = await serveOnLoopback(0, () => {
    asked += 1;
  });
  for (const [name, value] of Object.entries({
    QUEUE_URL: 'http://queue.invalid/000000000000/main',
    QUARANTINE_QUEUE_URL: 'http://queue.invalid/000000000000/quarantine',
    SECRET_ID: 'veriff',
    PREVIOUS_SECRET_GRACE_HOURS: '24',
    ALLOWED_SOURCES: '',
    POWERTOOLS_SERVICE_NAME: 'receiver',
    POWERTOOLS_METRICS_NAMESPACE: 'receiver',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin,
  })) {
    vi.stubEnv(name, value);
  }
  ({ ready } = await import('../../../functions/receiver/handler.ts'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

it('is ready even when the secret is not to be had: the init phase ends, and deliveries are answered', async () => {
  await expect(ready).resolves.toBeUndefined();
  expect(asked).toBe(1);
});
