import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** Allows decryption with these keys; no statement when there are no keys. */
export function decryptStatements(keyArns: readonly string[]): PolicyStatement[] {
  return keyArns.length === 0
    ? []
    : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [...keyArns] })];
}

interface KeyPolicyOptions {
  readonly receiver: IFunction;
  /** The current key and the retired keys. */
  readonly keyArns: readonly string[];
  /** The resources that are encrypted with the current key. */
  readonly encrypted: readonly Construct[];
  /** Other resources that allow the use of the keys. */
  readonly permissions: readonly Construct[];
}

/**
 * Lets the function use the keys, and makes CloudFormation update all permissions before the encrypted resources. The
 * policy is separate and refers to no encrypted resource, because that would be a circular dependency.
 */
export function permitKeysFirst({ receiver, keyArns, encrypted, permissions }: KeyPolicyOptions): void {
  if (keyArns.length === 0) return;
  const { role } = receiver;
  if (role === undefined) throw new Error(`Expected ${receiver.node.path} to have a role, it has none.`);

  const policy = new Policy(role, 'KeyPolicy', {
    // To send a message, SQS generates a data key and decrypts it to check it. To read the secret, Secrets Manager
    // decrypts. The queues use a retired key until CloudFormation has updated them, and again after a rollback.
    statements: [
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [...keyArns] }),
    ],
    roles: [role],
  });
  for (const each of encrypted) each.node.addDependency(policy, ...permissions);
}
