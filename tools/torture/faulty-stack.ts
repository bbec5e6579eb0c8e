import { type LocalStack, type LocalStackOptions, startLocalStack } from '../local/stack.ts';
import type { Service } from './fault.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

/** The local stack with a fault proxy before each service that its function calls. */
export interface FaultyStack extends LocalStack {
  readonly faults: Readonly<Record<Service, FaultProxy>>;
}

export async function startFaultyStack(
  options: Omit<LocalStackOptions, 'functionEndpoints'>,
): Promise<FaultyStack> {
  const faults = {
    sqs: await startFaultProxy('sqs'),
    secretsManager: await startFaultProxy('secretsManager'),
  };
  const stopProxies = () => Promise.all([faults.sqs.stop(), faults.secretsManager.stop()]);
  try {
    const functionEndpoints = { sqs: faults.sqs.endpoint, secretsManager: faults.secretsManager.endpoint };
    const stack = await startLocalStack({ ...options, functionEndpoints });
    faults.sqs.forwardTo(stack.sqsEndpoint);
    faults.secretsManager.forwardTo(stack.secretsEndpoint);
    return {
      ...stack,
      faults,
      async stop() {
        await stack.stop();
        await stopProxies();
      },
    };
  } catch (error) {
    await stopProxies();
    throw error;
  }
}
