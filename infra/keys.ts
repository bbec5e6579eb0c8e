import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** To read what was encrypted with these keys; no statement when there are none. */
export function decryptStatements(keyArns: readonly string[]): PolicyStatement[] {
  return keyArns.length === 0
    ? []
    : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [...keyArns] })];
}

interface KeyPolicyOptions {
  readonly receiver: IFunction;
  /** The key in use, and those that were in use before. */
  readonly keyArns: readonly string[];
  /** What is encrypted with the key in use. */
  readonly encrypted: readonly Construct[];
  /** What else lets somebody use the keys. */
  readonly permissions: readonly Construct[];
}

/**
 * Lets the function use the keys, in a policy of its own that refers to nothing that is encrypted. So CloudFormation can
 * change who may use a key first, and what is encrypted with it only then.
 */
export function permitKeysFirst({ receiver, keyArns, encrypted, permissions }: KeyPolicyOptions): void {
  if (keyArns.length === 0) return;
  const { role } = receiver;
  if (role === undefined) throw new Error(`Expected ${receiver.node.path} to have a role, it has none.`);

  const policy = new Policy(role, 'KeyPolicy', {
    // SQS asks for a data key when it takes a message, and decrypts it to check; Secrets Manager decrypts. A retired key
    // is still that of the queues until CloudFormation gets to them, and again when it rolls back.
    statements: [
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [...keyArns] }),
    ],
    roles: [role],
  });
  for (const each of encrypted) each.node.addDependency(policy, ...permissions);
}
