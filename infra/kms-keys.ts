import { Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Receiver } from './receiver.ts';

/** Allows decryption with these keys; no statement when there are no keys. */
export function decryptStatements(keyArns: readonly string[]): PolicyStatement[] {
  return keyArns.length === 0
    ? []
    : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [...keyArns] })];
}

/**
 * Lets the function use the keys, and makes CloudFormation update all permissions before the encrypted resources. The
 * policy is separate and refers to no encrypted resource, because such a reference would be circular.
 */
export function permitKeysFirst(
  receiver: Receiver,
  keyArns: readonly string[],
  pipeRole: Role | undefined,
): void {
  if (keyArns.length === 0) return;
  const { role } = receiver.function;
  if (role === undefined)
    throw new Error(`Expected ${receiver.function.node.path} to have a role, got none.`);

  const policy = new Policy(role, 'KeyPolicy', {
    // SQS needs both actions to send a message; Secrets Manager needs kms:Decrypt to read the secret. Retired keys are
    // included: the queues use the old key until CloudFormation has updated them, and again after a rollback.
    statements: [
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [...keyArns] }),
    ],
    roles: [role],
  });
  const permissions = [policy, receiver.subscriberPolicy, ...(pipeRole === undefined ? [] : [pipeRole])];
  const { queue, deadLetterQueue, quarantineQueue, secret } = receiver;
  for (const encrypted of [queue, deadLetterQueue, quarantineQueue, secret]) {
    encrypted.node.addDependency(...permissions);
  }
}
