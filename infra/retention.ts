import { CfnDeletionPolicy, CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * An update that replaces the resource leaves the old one, with what it holds, in the account. Its removal policy says
 * only what becomes of it when it leaves the stack.
 */
export function keepWhenReplaced(construct: Construct): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) {
    throw new Error(`Expected ${construct.node.path} to make a resource, it makes none.`);
  }
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}
