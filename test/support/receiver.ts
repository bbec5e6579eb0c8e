import { vi } from 'vitest';
import type { ReceiverEnv } from '../../functions/receiver/config.ts';

/** What the stack and Lambda give the function, for one that runs in this process; nobody answers at these addresses. */
const RECEIVER_ENVIRONMENT = {
  QUEUE_URL: 'http://queue.invalid/000000000000/main',
  QUARANTINE_QUEUE_URL: 'http://queue.invalid/000000000000/quarantine',
  SECRET_ID: 'veriff',
  PREVIOUS_SECRET_GRACE_HOURS: '24',
  ALLOWED_SOURCES: '',
  TRACING: 'on',
  METRICS_SERVICE: 'receiver',
  METRICS_NAMESPACE: 'receiver',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} satisfies ReceiverEnv & Record<string, string>;

const context = { functionName: 'receiver', awsRequestId: 'r-1', getRemainingTimeInMillis: () => 10_000 };

/** Hands an event to the function. */
export type Invoke = (event: unknown) => Promise<{ statusCode: number; body: string }>;

/** Composes the function in this process, under these variables; `vi.unstubAllEnvs` takes them away again. */
export async function composeReceiver(variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries({ ...RECEIVER_ENVIRONMENT, ...variables }))
    vi.stubEnv(name, value);
  // It is composed when it is loaded; another test file of this worker may have done so.
  vi.resetModules();
  const { handler, ready } = await import('../../functions/receiver/handler.ts');
  const invoke: Invoke = (event) => Reflect.apply(handler, undefined, [event, context]);
  return { invoke, ready };
}
