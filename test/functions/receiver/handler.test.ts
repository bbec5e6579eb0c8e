import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSecretsManager } from '../../../tools/local/secrets-manager.ts';
import { MAIN, QUARANTINE, REGION, startQueues } from '../../support/queues.ts';
import { composeReceiver, type Invoke } from '../../support/receiver.ts';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
} from '../../support/samples.ts';
import { apiGatewayEvent, SECRET } from '../../support/webhook.ts';

const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:000000000000:secret:veriff-AbCdEf`;
const DOCUMENTED = [200, 401, 413, 503];

let sqs: Awaited<ReturnType<typeof startQueues>>;
let secretsManager: Awaited<ReturnType<typeof startSecretsManager>>;
let invoke: Invoke;
const printed: Record<string, unknown>[] = [];

beforeAll(async () => {
  sqs = await startQueues();
  secretsManager = await startSecretsManager();
  secretsManager.store.create('veriff', SECRET_ARN, { SecretString: SECRET });
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(JSON.parse(String(line))) > 0);
  ({ invoke } = await composeReceiver({
    QUEUE_URL: sqs.urls[MAIN],
    QUARANTINE_QUEUE_URL: sqs.urls[QUARANTINE],
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
  }));
});
afterEach(async () => {
  printed.length = 0;
  await sqs.reset();
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await sqs.stop();
  await secretsManager.stop();
});

describe('the handler', () => {
  it.each(validSamples)('accepts every valid sample: $name', async ({ body }) => {
    const answer = await invoke(apiGatewayEvent({ body }));
    const [message] = await sqs.messages(MAIN);
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ status: 'accepted', eventId: message?.attributes.eventId });
    expect(message?.body).toBe(body);
  });

  it.each([unfamiliarSample, ...otherWebhookSamples, ...invalidSamples])(
    'keeps every other one in quarantine: $name',
    async ({ body }) => {
      const answer = await invoke(apiGatewayEvent({ body: Buffer.from(body) }));
      const [message] = await sqs.messages(QUARANTINE);
      expect(answer.statusCode).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 'quarantined',
        reason: message?.attributes.reason,
      });
      expect(message?.body).toBe(body);
    },
  );

  it('answers any event of any shape with a documented status, and stores nothing unsigned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (event) => {
        expect(DOCUMENTED).toContain((await invoke(event)).statusCode);
      }),
      { numRuns: 500 },
    );
    expect([...(await sqs.messages(MAIN)), ...(await sqs.messages(QUARANTINE))]).toEqual([]);
  });

  it('answers an unexpected error with 503, and says in the log where it came from and not what it said', async () => {
    const event = Object.defineProperty({}, 'headers', {
      get() {
        throw new Error('PRIVATE');
      },
      enumerable: true,
    });
    expect((await invoke(event)).statusCode).toBe(503);
    expect(printed).toMatchObject([
      {
        level: 'ERROR',
        requestId: 'r-1',
        outcome: 'UnexpectedError',
        failure: { name: 'Error', frames: expect.any(Array) },
        Unavailable: 1,
      },
    ]);
    expect(JSON.stringify(printed)).not.toContain('PRIVATE');
  });

  it('ends the keys of a secret that was deleted, and says so', async () => {
    await invoke(apiGatewayEvent());
    printed.length = 0;
    vi.useFakeTimers({ now: Date.now() + 301_000, toFake: ['Date'] });
    secretsManager.store.remove('veriff');
    try {
      expect((await invoke(apiGatewayEvent())).statusCode).toBe(503);
    } finally {
      vi.useRealTimers();
    }
    expect(printed.find(({ level }) => level === 'WARN')).toMatchObject({
      notice: 'The secret is no longer usable: the keys that were read before are no longer accepted.',
      failure: { name: 'UnusableSecretError', message: expect.stringContaining('The secret does not exist') },
    });
  });
});
