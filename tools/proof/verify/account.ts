import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { isNoStack, sentenceOf } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { STACK } from './place.ts';

/** The stage's stack; undefined: there is none. */
export async function findStage(client: CloudFormationClient): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
    return stack;
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/**
 * The account and the Region that the environment's credentials lead to.
 * @throws Error when it can't be deployed to, or the stage exists
 */
export async function findAccount(): Promise<{ readonly id: string; readonly region: string }> {
  const client = new CloudFormationClient({ ...AWS_CLIENT, maxAttempts: 2 });
  const bootstrap = await client
    .send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }))
    .catch((cause) => {
      throw new Error(
        isNoStack(cause)
          ? 'expected an account and a Region that are bootstrapped, got others; run "npx cdk bootstrap" first'
          : `expected credentials and a Region, got: ${sentenceOf(cause)}; set AWS_PROFILE and AWS_REGION`,
      );
    });
  const [, , , region = '', id = ''] = bootstrap.Stacks?.[0]?.StackId?.split(':') ?? [];
  const stage = await findStage(client);
  if (stage === undefined) return { id, region };
  throw new Error(
    `expected no stack ${STACK} in ${region} of ${id}, got one (${stage.StackStatus}); it is somebody's own or an earlier run's: delete it first`,
  );
}
