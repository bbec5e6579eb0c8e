import { ArnFormat, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { PLACEHOLDER_NAME } from '../functions/receiver/secret-value.ts';

const placeholderName: typeof PLACEHOLDER_NAME = 'placeholder';

export interface SharedSecret {
  readonly secret: ISecret | Secret;
  /** What the function asks Secrets Manager for. */
  readonly id: string;
  /** What its role may read, as IAM writes it. */
  readonly resource: string;
}

interface SharedSecretOptions {
  readonly secretName: string | undefined;
  readonly key: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

export function createSecret(
  scope: Construct,
  { secretName, key, removalPolicy }: SharedSecretOptions,
): SharedSecret {
  if (secretName !== undefined) return existingSecret(scope, secretName);

  const secret = new Secret(scope, 'Secret', {
    description: "Veriff's shared secret key, a list of keys, or an object from name to key or keys.",
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
  return { secret, id: secret.secretArn, resource: secret.secretArn };
}

// By name alone. An ARN needn't end in the six characters that Secrets Manager adds, so a name can't be cut out of one:
// the ARN of the secret "prod-veriff", given without them, looks like that of a secret "prod".
function existingSecret(scope: Construct, secretName: string): SharedSecret {
  const resource = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretName}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { secret: Secret.fromSecretNameV2(scope, 'Secret', secretName), id: secretName, resource };
}
