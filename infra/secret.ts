import { type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { PLACEHOLDER_NAME } from '../functions/receiver/secret-value.ts';

const placeholderName: typeof PLACEHOLDER_NAME = 'placeholder';

interface SharedSecretOptions {
  readonly secretArn: string | undefined;
  readonly key: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

export function createSecret(
  scope: Construct,
  { secretArn, key, removalPolicy }: SharedSecretOptions,
): ISecret | Secret {
  if (secretArn !== undefined) return Secret.fromSecretCompleteArn(scope, 'Secret', secretArn);

  const secret = new Secret(scope, 'Secret', {
    description: "Veriff's shared secret key, or a JSON map from integration API key to shared secret key.",
    // Never change this after the first deployment: CloudFormation would write a new random value over the
    // secret that was stored since. The function knows this key and refuses to work with it; and if it did
    // not, the value is random and opens nothing.
    generateSecretString: { secretStringTemplate: '{}', generateStringKey: placeholderName },
    ...(key && { encryptionKey: key }),
    removalPolicy,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'Veriff issues the key: it is rotated in the Customer Portal and stored by hand, not by a Lambda of ours.',
  });
  return secret;
}
