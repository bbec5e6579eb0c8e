import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LoopbackServer, serveOnLoopback } from '../../../tools/local/loopback.ts';
import { composeReceiver } from '../../support/receiver.ts';

let server: LoopbackServer;
let asked = 0;
let ready: Promise<void>;

beforeAll(async () => {
  // Takes the call and never answers.
  server = await serveOnLoopback(0, () => {
    asked += 1;
  });
  ({ ready } = await composeReceiver({ AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

it('is ready even when the secret is not to be had: the init phase ends, and deliveries are answered', async () => {
  await expect(ready).resolves.toBeUndefined();
  expect(asked).toBe(1);
});
