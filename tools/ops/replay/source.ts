import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { isDenied, isNoQueue, nameOf } from '../../cli/failure.ts';
import type { Stack } from '../stack.ts';

/** The queue that is emptied. */
export interface Source {
  readonly url: string;
  /** Where the messages lie, for a sentence: `in quarantine`. */
  readonly where: string;
  readonly kind: 'quarantine' | 'dead-letters' | 'other';
}

/** `sqs.eu-west-1.amazonaws.com`, `eu-west-1.queue.amazonaws.com` and their like. */
const REGION = /(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d+)\./;

export function ownQueue({ outputs }: Pick<Stack, 'outputs'>, kind: 'quarantine' | 'dead-letters'): Source {
  return kind === 'quarantine'
    ? { url: outputs.QuarantineQueueUrl, where: 'in quarantine', kind }
    : { url: outputs.DeadLetterQueueUrl, where: 'in the dead-letter queue', kind };
}

export async function oldQueue({ name, outputs, sqs }: Stack, url: URL): Promise<Source> {
  const region = await sqs.config.region();
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
  return { url: url.href, where: `on ${url.pathname.split('/').at(-1)}`, kind: 'other' };
}

const number = v.pipe(v.optional(v.union([v.string(), v.number()]), 0), v.transform(Number));
const attributes = v.object({
  ApproximateNumberOfMessages: number,
  ApproximateNumberOfMessagesNotVisible: number,
  MessageRetentionPeriod: number,
  RedrivePolicy: v.optional(v.pipe(v.string(), v.parseJson(), v.object({ maxReceiveCount: number }))),
});

/** What SQS says of a queue. The numbers of messages are approximate. */
export async function stateOf(client: SQSClient, QueueUrl: string) {
  try {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const state = v.parse(attributes, (await client.send(command)).Attributes ?? {});
    const hidden = state.ApproximateNumberOfMessagesNotVisible;
    return {
      count: state.ApproximateNumberOfMessages + hidden,
      /** Those that another run received, or a subscriber. */
      hidden,
      retentionS: state.MessageRetentionPeriod,
      /** After so many receives SQS moves a message to the dead-letter queue of this one; undefined: never. */
      maxReceives: state.RedrivePolicy?.maxReceiveCount,
    };
  } catch (cause) {
    if (isNoQueue(cause)) {
      throw new Error(
        `expected the queue ${QueueUrl}, got none that these credentials may see; "aws sqs list-queues" prints the URLs of those that exist`,
        { cause },
      );
    }
    if (isDenied(cause)) {
      const [, account] = new URL(QueueUrl).pathname.split('/');
      throw new Error(
        `expected to be allowed to look at ${QueueUrl}, got ${nameOf(cause)}; its account ${account} must allow sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:ChangeMessageVisibility and, for --apply, sqs:DeleteMessage`,
        { cause },
      );
    }
    throw cause;
  }
}
