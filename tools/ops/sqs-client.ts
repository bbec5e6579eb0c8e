import { SQSClient } from '@aws-sdk/client-sqs';
import { AWS_CLIENT } from '../cli/network.ts';
import type { localClient } from '../local/addresses.ts';

/** A client that asks the endpoint of its settings, not the host in the URL of a queue, which a person may have given. */
export function sqsClient(
  settings: typeof AWS_CLIENT | ReturnType<typeof localClient> = AWS_CLIENT,
): SQSClient {
  return new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
}
