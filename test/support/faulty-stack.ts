import { type LocalStackOptions, startLocalStack } from '../../tools/local/stack.ts';
import { startFaultProxy } from './fault-proxy.ts';

/** The local stack with a fault proxy before each service that its function calls. */
export type FaultyStack = Awaited<ReturnType<typeof startFaultyStack>>;

export async function startFaultyStack(options: Omit<LocalStackOptions, 'functionEndpoints'>) {
  const faults = {
    sqs: await startFaultProxy('sqs'),
    secretsManager: await startFaultProxy('secretsManager'),
  };
  const { sqs, secretsManager } = faults;
  const stopProxies = () => Promise.all([sqs.stop(), secretsManager.stop()]);
  try {
    const functionEndpoints = { sqs: sqs.endpoint, secretsManager: secretsManager.endpoint };
    const stack = await startLocalStack({ ...options, functionEndpoints });
    sqs.forwardTo(stack.sqsEndpoint);
    secretsManager.forwardTo(stack.secretsEndpoint);
    return { ...stack, faults, stop: () => stack.stop().finally(stopProxies) };
  } catch (error) {
    await stopProxies();
    throw error;
  }
}
