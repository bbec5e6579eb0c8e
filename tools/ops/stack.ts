import * as v from 'valibot';
import { isNoStack } from '../cli/failure.ts';
import { AWS_CLIENT } from '../cli/network.ts';
import { localClient } from '../local/addresses.ts';
import { DESCRIPTION_PATH, type Description, description } from '../local/description.ts';

/**
 * A stack in AWS by its name, or the one that `npm start` runs, by the port of its webhook. A stack of somebody's own
 * may hold several receivers, each with outputs that begin with its name.
 */
export type Target =
  | { readonly name: string; readonly receiver?: string | undefined }
  | { readonly localPort: number };

const url = v.pipe(v.string(), v.url());
const outputs = v.object({
  WebhookUrl: url,
  QueueUrl: url,
  QueueArn: v.string(),
  DeadLetterQueueUrl: url,
  QuarantineQueueUrl: url,
  SecretName: v.string(),
  /** Left out by stacks that were deployed before it was put out. */
  PreviousSecretGraceHours: v.optional(v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))),
  /** The `service` of its metrics. Left out by stacks that were deployed before it was put out: they are named alike. */
  MetricsName: v.optional(v.string()),
});
/** What no stack but a receiver's has. */
const MARK = 'QuarantineQueueUrl';

type ClientSettings = typeof AWS_CLIENT | ReturnType<typeof localClient>;

export interface Stack {
  readonly name: string;
  /** What the ids of its outputs begin with; empty in a stack that is nothing but a receiver. */
  readonly receiver: string;
  readonly outputs: v.InferOutput<typeof outputs>;
  /** How clients of the AWS SDK reach its services. */
  readonly sqs: ClientSettings;
  readonly secretsManager: ClientSettings;
}

/**
 * Finds a receiver's stack and what it put out.
 * @throws Error when there is no such stack, or it is not a receiver's.
 */
export async function findStack(target: Target): Promise<Stack> {
  if ('name' in target) {
    const { name, receiver } = target;
    const found = receiverIn(name, await outputsInAws(name), receiver);
    return { ...found, sqs: AWS_CLIENT, secretsManager: AWS_CLIENT };
  }
  const { stackName, endpoints, outputs } = await describeLocalStack(target.localPort);
  const [sqs, secretsManager] = [localClient(endpoints.sqs), localClient(endpoints.secretsManager)];
  return { ...receiverIn(stackName, outputs), sqs, secretsManager };
}

async function outputsInAws(name: string): Promise<Record<string, string>> {
  // Loaded on demand: nothing else of a tool needs it, and the local stack doesn't.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(AWS_CLIENT);
  try {
    const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const entries = (found?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    return Object.fromEntries(entries);
  } catch (cause) {
    if (!isNoStack(cause)) throw cause;
    const region = await client.config.region();
    throw new Error(
      `expected a stack ${name} in ${region}, got none; give the name that "cdk deploy" printed, and AWS_PROFILE and AWS_REGION if they are others`,
      { cause },
    );
  } finally {
    client.destroy();
  }
}

/**
 * What the local stack tells of itself.
 * @throws Error when none answers at the port.
 */
export async function describeLocalStack(port: number): Promise<Description> {
  const address = `http://127.0.0.1:${port}${DESCRIPTION_PATH}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const found = v.safeParse(description, await response?.json().catch(() => undefined));
  if (!found.success) {
    throw new Error(
      `expected the local stack at ${address}, got ${response === undefined ? 'no answer' : 'something else'}; start it with "npm start", or give its port with --port`,
    );
  }
  return found.output;
}

/** @throws Error when the stack has no receiver, not that receiver, or several and none is named */
function receiverIn(
  stack: string,
  found: Readonly<Record<string, string>>,
  named?: string,
): Pick<Stack, 'name' | 'receiver' | 'outputs'> {
  const receivers = Object.keys(found)
    .filter((key) => key.endsWith(MARK))
    .map((key) => key.slice(0, -MARK.length));
  const receiver = named ?? (receivers.length === 1 ? receivers[0] : '') ?? '';
  if (receivers.length > 0 && !receivers.includes(receiver)) {
    const choice = receivers.map((one) => `--stack ${stack}${one === '' ? '' : `/${one}`}`).join(' or ');
    const got = named === undefined ? `${receivers.length} receivers in it` : `no receiver ${named}`;
    throw new Error(`expected one receiver of ${stack}, got ${got}; give ${choice}`);
  }
  const own = Object.entries(found).flatMap(([key, value]) =>
    key.startsWith(receiver) ? [[key.slice(receiver.length), value]] : [],
  );
  const result = v.safeParse(outputs, Object.fromEntries(own));
  if (result.success) return { name: stack, receiver, outputs: result.output };
  const missing = result.issues.map((issue) => `${receiver}${v.getDotPath(issue)}`).join(', ');
  throw new Error(
    `expected ${stack} to be a receiver's stack, got one without the outputs ${missing}; give the receiver's stack, or in a stack of your own call addOutputs() of the Receiver and deploy it`,
  );
}
