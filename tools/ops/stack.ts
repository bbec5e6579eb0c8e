import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { isNoStack } from '../cli/failure.ts';
import { AWS_CLIENT } from '../cli/network.ts';
import { localClient } from '../local/addresses.ts';
import { DESCRIPTION_PATH, type Description, description } from '../local/description.ts';
import { sqsClient } from './sqs-client.ts';
import { type Target, targetFlags } from './target.ts';

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
const OWN_STACK = /^veriff-status-receiver-(.+)$/;
/** What no stack but a receiver's has. */
const MARK = 'QuarantineQueueUrl';

export interface Stack {
  readonly name: string;
  /** What the ids of its outputs begin with; empty in a stack that is nothing but a receiver. */
  readonly receiver: string;
  readonly outputs: v.InferOutput<typeof outputs>;
  /** The options that name it to another program. */
  readonly flags: string;
  readonly sqs: SQSClient;
  readonly secretsManager: SecretsManagerClient;
  /** Its deletion stopped half-way: CloudFormation updates it no longer. */
  readonly isHalfDeleted?: boolean;
  /** When deliveries last came to a stack on this machine; in AWS the metrics tell. */
  readonly latest?: Description['latest'];
}

export async function findStack(target: Target): Promise<Stack> {
  const flags = targetFlags(target);
  if ('name' in target) {
    const { outputs, isHalfDeleted } = await stackInAws(target.name);
    return {
      ...receiverIn(target.name, outputs, target.receiver),
      flags,
      sqs: sqsClient(),
      secretsManager: new SecretsManagerClient(AWS_CLIENT),
      ...(isHalfDeleted && { isHalfDeleted }),
    };
  }
  const { stackName, endpoints, outputs, latest } = await describeLocalStack(target.localPort);
  return {
    ...receiverIn(stackName, outputs),
    flags,
    sqs: sqsClient(localClient(endpoints.sqs)),
    secretsManager: new SecretsManagerClient(localClient(endpoints.secretsManager)),
    latest,
  };
}

/** Undefined: there is none of the name. */
export async function describeStack(client: CloudFormationClient, StackName: string) {
  const answer = await client.send(new DescribeStacksCommand({ StackName })).catch((error) => {
    if (!isNoStack(error)) throw error;
  });
  return answer?.Stacks?.[0];
}

const WAIT = 'wait until CloudFormation is done';
const AGAIN = 'mend what "cdk deploy" said, and deploy it again';
/** What to do about a stack that is not there yet, or no longer, by its status. */
const REMEDIES: Readonly<Record<string, string>> = {
  CREATE_IN_PROGRESS: WAIT,
  REVIEW_IN_PROGRESS: 'deploy it: so far it is only planned',
  ROLLBACK_IN_PROGRESS: WAIT,
  DELETE_IN_PROGRESS: WAIT,
  CREATE_FAILED: AGAIN,
  ROLLBACK_FAILED: AGAIN,
  ROLLBACK_COMPLETE: AGAIN,
};

async function stackInAws(name: string) {
  const client = new CloudFormationClient(AWS_CLIENT);
  const found = await describeStack(client, name);
  if (found === undefined) {
    const region = await client.config.region();
    throw new Error(
      `expected a stack ${name} in ${region}, got none; give the name that "cdk deploy" printed, and AWS_PROFILE and AWS_REGION if they are others`,
    );
  }
  const todo = REMEDIES[found.StackStatus ?? ''];
  if (todo !== undefined)
    throw new Error(`expected a stack ${name} that is whole, got ${found.StackStatus}; ${todo}`);
  const outputs: Record<string, string> = Object.fromEntries(
    (found.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  return { outputs, isHalfDeleted: found.StackStatus === 'DELETE_FAILED' };
}

async function describeLocalStack(port: number): Promise<Description> {
  const address = `http://127.0.0.1:${port}${DESCRIPTION_PATH}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  const found = v.safeParse(description, await response?.json().catch(() => undefined));
  if (found.success) return found.output;
  if (response?.status === 503)
    throw new Error(
      `expected the local stack at ${address}, got one that is starting; wait until it is there`,
    );
  const got = response === undefined ? 'no answer' : 'something else';
  throw new Error(
    `expected the local stack at ${address}, got ${got}; start it with "npm start", or give its port with --port`,
  );
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

/**
 * What brings back what the stack's template has: with an unchanged template CloudFormation does nothing else about
 * what was changed or deleted by hand.
 */
export function revertDrift({
  name,
  latest,
  isHalfDeleted,
}: Pick<Stack, 'name' | 'latest' | 'isHalfDeleted'>): string {
  if (isHalfDeleted) return 'destroy the rest of it, see docs/runbook.md#leave-for-good';
  if (latest !== undefined) return 'end "npm start" and start it again';
  const [, stage] = OWN_STACK.exec(name) ?? [];
  return stage === undefined
    ? `run "npx cdk deploy --revert-drift ${name}" in its app`
    : `run "npx cdk deploy --revert-drift -c stage=${stage}"`;
}
