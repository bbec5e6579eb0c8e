import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { PLACEHOLDER_NAME } from '../functions/receiver/secret-value.ts';
import type { Settings } from './settings.ts';

const placeholderName: typeof PLACEHOLDER_NAME = 'placeholder';

export interface SharedSecret {
  readonly secret: ISecret | Secret;
  /** The `SecretId` in the function's requests. */
  readonly id: string;
  /** The resource in the IAM policy of the function's role. */
  readonly resource: string;
}

export function createSecret(scope: Construct, { secretName, key, removalPolicy }: Settings): SharedSecret {
  if (secretName !== undefined) return existingSecret(scope, secretName);

  const secret = new Secret(scope, 'Secret', {
    description: "Veriff's shared secret key, a list of keys, or an object from name to key or keys.",
    // Never change this after the first deployment: CloudFormation would overwrite the stored secret with a new random
    // value. The function recognizes this placeholder and does not use it; and nobody knows the random value.
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

// By name, and never by ARN. Some people give an ARN without the six random characters that Secrets Manager adds, so a
// name cannot be read from it: the ARN of the secret "prod-veriff" without them looks like that of a secret "prod".
function existingSecret(scope: Construct, secretName: string): SharedSecret {
  const resource = Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretName}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { secret: Secret.fromSecretNameV2(scope, 'Secret', secretName), id: secretName, resource };
}
