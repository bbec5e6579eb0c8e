import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';

export async function resourcesOf(StackName: string): Promise<readonly StackResourceSummary[]> {
  const { CloudFormationClient, paginateListStackResources } = await import('@aws-sdk/client-cloudformation');
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources(
    { client: new CloudFormationClient() },
    { StackName },
  )) {
    resources.push(...(page.StackResourceSummaries ?? []));
  }
  return resources;
}
