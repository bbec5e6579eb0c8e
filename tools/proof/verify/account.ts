import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isNoStack, sentenceOf } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { findStage } from './removal.ts';
import { STACK } from './stages.ts';

export interface Account {
  readonly id: string;
  readonly region: string;
}

/**
 * The account and the Region that the environment's credentials lead to.
 * @throws Error when it can't be deployed to, or the stage exists
 */
export async function findAccount(): Promise<Account> {
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
  if (stage !== undefined) {
    throw new Error(
      `expected no stack ${STACK} in ${region} of ${id}, got one (${stage.StackStatus}); it is somebody's own or an earlier run's: delete it first`,
    );
  }
  return { id, region };
}
