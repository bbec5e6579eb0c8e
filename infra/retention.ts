import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Receiver } from './receiver.ts';

/** Keeps the old queue or log group, and its data, when an update replaces it, with or without the option `retain`. */
export function keepWhenReplaced(receiver: Receiver): void {
  for (const resource of receiver.node.findAll()) {
    if (resource instanceof CfnQueue || resource instanceof CfnLogGroup) {
      resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    }
  }
}
