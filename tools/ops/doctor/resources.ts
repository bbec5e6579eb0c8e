import {
  CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { AWS_CLIENT } from '../../cli/network.ts';

export async function resourcesOf(StackName: string): Promise<readonly StackResourceSummary[]> {
  const client = new CloudFormationClient(AWS_CLIENT);
  const pages = await Array.fromAsync(paginateListStackResources({ client }, { StackName }));
  return pages.flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries);
}
