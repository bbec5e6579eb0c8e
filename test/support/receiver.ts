import { vi } from 'vitest';
import type { ReceiverEnv } from '../../functions/receiver/config.ts';

/** What the stack and Lambda give the function; nobody answers at these addresses. */
const VARIABLES = {
  QUEUE_URL: 'http://queue.invalid/000000000000/main',
  QUARANTINE_QUEUE_URL: 'http://queue.invalid/000000000000/quarantine',
  SECRET_ID: 'veriff',
  PREVIOUS_SECRET_GRACE_HOURS: '24',
  ALLOWED_SOURCES: '',
  POWERTOOLS_SERVICE_NAME: 'receiver',
  POWERTOOLS_METRICS_NAMESPACE: 'receiver',
  // By the console of this process, which a test can listen to.
  POWERTOOLS_DEV: 'true',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} satisfies ReceiverEnv & Record<string, string>;

const context = { functionName: 'receiver', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 10_000 };

/** Composes the function in this process, under these variables; `vi.unstubAllEnvs` takes them away again. */
export async function composeReceiver(variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries({ ...VARIABLES, ...variables })) vi.stubEnv(name, value);
  const { handler, ready } = await import('../../functions/receiver/handler.ts');
  const invoke = (event: unknown): Promise<{ statusCode: number; body: string }> =>
    Reflect.apply(handler, undefined, [event, context]);
  return { invoke, ready };
}
