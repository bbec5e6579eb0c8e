import { SQSClient } from '@aws-sdk/client-sqs';
import { AWS_CLIENT } from '../cli/network.ts';
import type { Stack } from './stack.ts';

/** A client that asks the endpoint of its settings, not the host in the URL of a queue, which a person may have given. */
export function sqsClient(settings: Stack['sqs'] = AWS_CLIENT): SQSClient {
  return new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
}
