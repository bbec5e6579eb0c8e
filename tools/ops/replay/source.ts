import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { isDenied, isNoQueue, nameOf } from '../../cli/failure.ts';
import type { Stack } from '../stack.ts';
import type { Source } from './move.ts';

/** `sqs.eu-west-1.amazonaws.com`, `eu-west-1.queue.amazonaws.com` and their like. */
const REGION = /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d+)\./;

const redrive = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ maxReceiveCount: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)) }),
);

/** One of the stack's own queues. */
export function ownQueue({ outputs }: Pick<Stack, 'outputs'>, kind: 'quarantine' | 'dead-letters'): Source {
  return kind === 'quarantine'
    ? { url: outputs.QuarantineQueueUrl, where: 'in quarantine', kind }
    : { url: outputs.DeadLetterQueueUrl, where: 'in the dead-letter queue', kind };
}

/** An old queue that a person names, to be emptied onto those of the stack. */
export async function oldQueue(client: SQSClient, { name, outputs }: Stack, url: URL): Promise<Source> {
  const region = await client.config.region();
  const [, other = region] = REGION.exec(url.hostname) ?? [];
  if (other !== region) {
    throw new Error(
      `--from: expected a queue in ${region}, where ${name} is, got one in ${other}; messages are not moved between Regions`,
    );
  }
  const own: [string, string][] = [
    [outputs.QueueUrl, 'leave --from out: what lies there is waiting for subscribers'],
    [outputs.QuarantineQueueUrl, 'leave --from out'],
    [outputs.DeadLetterQueueUrl, 'give --dead-letters instead'],
  ];
  for (const [ownUrl, todo] of own) {
    if (new URL(ownUrl).pathname !== url.pathname) continue;
    throw new Error(`--from: expected an old queue, got one that ${name} uses; ${todo}`);
  }
  const [, account, queueName = ''] = url.pathname.split('/');
  try {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url.href, AttributeNames: ['RedrivePolicy'] }),
    );
    const policy = v.safeParse(redrive, Attributes.RedrivePolicy);
    return {
      url: url.href,
      where: `on ${queueName}`,
      kind: 'other',
      maxReceives: policy.success ? policy.output.maxReceiveCount : undefined,
    };
  } catch (error) {
    if (isNoQueue(error)) {
      throw new Error(
        `--from: expected the queue ${url.href}, got none that these credentials may see; "aws sqs list-queues" prints the URLs of those that exist`,
        { cause: error },
      );
    }
    if (isDenied(error)) {
      throw new Error(
        `--from: expected to be allowed to empty ${url.href}, got ${nameOf(error)}; its account ${account} must allow sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:ChangeMessageVisibility and sqs:DeleteMessage`,
        { cause: error },
      );
    }
    throw error;
  }
}
