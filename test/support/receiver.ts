import { vi } from 'vitest';
import { RECEIVER_ENVIRONMENT } from '../../tools/local/receiver-environment.ts';

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
