import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startCannedAws } from '../../support/canned-aws.ts';
import { composeReceiver, type Invoke } from '../../support/receiver.ts';
import { apiGatewayEvent, SECRET } from '../../support/webhook.ts';

let aws: Awaited<ReturnType<typeof startCannedAws>>;
let invoke: Invoke;

beforeAll(async () => {
  aws = await startCannedAws(({ action }) =>
    action === 'GetSecretValue'
      ? [200, { SecretString: SECRET, VersionId: 'first', CreatedDate: 1 }]
      : [500, ''],
  );
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  ({ invoke } = await composeReceiver({
    TRACING: 'off',
    // Lambda sets it even where tracing is off.
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
    AWS_ENDPOINT_URL_SQS: aws.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
  }));
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await aws.stop();
});

it('puts no trace header on a message of a stage without tracing', async () => {
  await invoke(apiGatewayEvent());
  const sent = aws.calls.filter(({ action }) => action === 'SendMessage').map(({ body }) => body);
  expect(sent).toHaveLength(2);
  expect(sent.join()).not.toContain('AWSTraceHeader');
});
