import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCannedAws } from '../../support/canned-aws.ts';
import { composeReceiver } from '../../support/receiver.ts';

let aws: Awaited<ReturnType<typeof startCannedAws>>;
let ready: Promise<void>;

beforeAll(async () => {
  // Takes the call and never answers.
  aws = await startCannedAws(() => undefined);
  ({ ready } = await composeReceiver({ AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

it('is ready even when the secret is not to be had: the init phase ends, and deliveries are answered', async () => {
  await expect(ready).resolves.toBeUndefined();
  expect(aws.calls).toHaveLength(1);
});
