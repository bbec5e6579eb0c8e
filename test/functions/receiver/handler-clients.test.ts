import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startCannedAws } from '../../support/canned-aws.ts';
import { composeReceiver, type Invoke } from '../../support/receiver.ts';
import { apiGatewayEvent, SECRET } from '../../support/webhook.ts';

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
const SEND = 'SendMessage';
const READ = 'GetSecretValue';

const SECRETS = { current: SECRET, previous: 'previous-key-0123456789' };

/** Whether the secret can be read yet; SQS always fails. */
let secretIsThere = false;
const printed: Record<string, unknown>[] = [];

let aws: Awaited<ReturnType<typeof startCannedAws>>;
let invoke: Invoke;

const called = (action: string) => aws.calls.filter((call) => call.action === action);

beforeAll(async () => {
  aws = await startCannedAws(({ action, input }) => {
    const stage = input.VersionStage === 'AWSPREVIOUS' ? 'previous' : 'current';
    const CreatedDate = Date.now() / 1000 - 23 * 3600;
    return action === READ && secretIsThere
      ? [200, { SecretString: SECRETS[stage], CreatedDate, VersionId: stage }]
      : [500, { __type: 'InternalFailure' }];
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(JSON.parse(String(line))) > 0);
});
/** A cold start. */
async function compose() {
  aws.calls.length = 0;
  ({ invoke } = await composeReceiver({
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    _X_AMZN_TRACE_ID: TRACE,
    AWS_ENDPOINT_URL_SQS: aws.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
  }));
}
afterEach(() => {
  aws.calls.length = 0;
  printed.length = 0;
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await aws.stop();
});

/** Each try has a second at most, which a busy machine may not give it, least of all while it loads the clients. */
const BUSY = { retry: 3 };

it(
  'asks for the secret on its cold start, and twice at the most while that fails: the client adds no tries',
  BUSY,
  async () => {
    await compose();
    await expect.poll(() => called(READ), { timeout: 5_000 }).toHaveLength(2);
    // Longer than a client would wait before it tries again by itself.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(called(READ)).toHaveLength(2);
  },
);

it('counts the cold start', async () => {
  await invoke({});
  expect(printed).toMatchObject([{ outcome: 'Refused', ColdStart: 1 }]);
});

it('prints no event', async () => {
  await invoke({ body: 'PRIVATE' });
  expect(printed).toMatchObject([{ outcome: 'Refused', reason: 'signature-missing' }]);
  expect(JSON.stringify(printed)).not.toContain('PRIVATE');
});

it(
  'offers a message to SQS twice at the most, at the endpoint of its environment, with the trace of the invocation',
  BUSY,
  async () => {
    secretIsThere = true;
    aws.calls.length = 0;
    expect((await invoke(apiGatewayEvent())).statusCode).toBe(503);
    expect(called(SEND)).toHaveLength(2);
    expect(JSON.parse(called(SEND)[0]?.body ?? '')).toMatchObject({
      QueueUrl: 'http://queue.invalid/000000000000/main',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: TRACE } },
    });
  },
);

it('takes the previous secret within the hours of grace that its environment gives', BUSY, async () => {
  aws.calls.length = 0;
  expect((await invoke(apiGatewayEvent({ secret: 'forged' }))).statusCode).toBe(401);
  expect((await invoke(apiGatewayEvent({ secret: SECRETS.previous }))).statusCode).toBe(503);
  expect(called(SEND)).toHaveLength(2);
});
