import { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Keeps the old resource and its data in the account when an update replaces the resource. The removal policy covers
 * only a resource that is removed from the stack.
 */
export function keepWhenReplaced(construct: Construct): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) {
    throw new Error(`Expected ${construct.node.path} to make a CloudFormation resource, it makes none.`);
  }
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}
