import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { AWS_CLIENT } from '../../cli/network.ts';

export async function resourcesOf(StackName: string): Promise<readonly StackResourceSummary[]> {
  const { CloudFormationClient, paginateListStackResources } = await import('@aws-sdk/client-cloudformation');
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources(
    { client: new CloudFormationClient(AWS_CLIENT) },
    { StackName },
  )) {
    resources.push(...(page.StackResourceSummaries ?? []));
  }
  return resources;
}
