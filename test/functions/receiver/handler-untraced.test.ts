import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LoopbackServer, serveOnLoopback } from '../../../tools/local/loopback.ts';
import { composeReceiver, type Invoke } from '../../support/receiver.ts';
import { apiGatewayEvent, SECRET } from '../../support/webhook.ts';

const sent: string[] = [];
let server: LoopbackServer;
let invoke: Invoke;

beforeAll(async () => {
  server = await serveOnLoopback(0, async (request, response) => {
    const body = await text(request);
    if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      return response.end(JSON.stringify({ SecretString: SECRET, VersionId: 'first', CreatedDate: 1 }));
    }
    sent.push(body);
    return response.writeHead(500).end();
  });
  for (const level of ['info', 'warn', 'error', 'log'] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
  ({ invoke } = await composeReceiver({
    TRACING: 'off',
    // Lambda sets it even where tracing is off.
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
    AWS_ENDPOINT_URL_SQS: server.origin,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin,
  }));
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.stop();
});

it('puts no trace header on a message of a stage without tracing', async () => {
  await invoke(apiGatewayEvent());
  expect(sent).toHaveLength(2);
  expect(sent.join()).not.toContain('AWSTraceHeader');
});
