import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { sentenceOf } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { describeStack } from '../../ops/stack.ts';
import { STACK } from './place.ts';

/**
 * The account and the Region that the environment's credentials lead to.
 * @throws Error when it can't be deployed to, or the stage exists
 */
export async function findAccount(): Promise<{ readonly id: string; readonly region: string }> {
  const client = new CloudFormationClient({ ...AWS_CLIENT, maxAttempts: 2 });
  const bootstrap = await describeStack(client, 'CDKToolkit').catch((cause) => {
    throw new Error(
      `expected credentials and a Region, got: ${sentenceOf(cause)}; set AWS_PROFILE and AWS_REGION`,
    );
  });
  if (bootstrap === undefined) {
    throw new Error(
      'expected an account and a Region that are bootstrapped, got others; run "npx cdk bootstrap" first',
    );
  }
  const [, , , region = '', id = ''] = bootstrap.StackId?.split(':') ?? [];
  const stage = await describeStack(client, STACK);
  if (stage === undefined) return { id, region };
  throw new Error(
    `expected no stack ${STACK} in ${region} of ${id}, got one (${stage.StackStatus}); it is somebody's own or an earlier run's: delete it first`,
  );
}
