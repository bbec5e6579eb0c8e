import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { PLACEHOLDER_NAME } from '../functions/receiver/secret-value.ts';
import type { Settings } from './settings.ts';

const placeholderName: typeof PLACEHOLDER_NAME = 'placeholder';

/** The secret, the `SecretId` of the function's requests, and the resource in the IAM policy of its role. */
export function createSecret(scope: Construct, { secretName, key, removalPolicy }: Settings) {
  if (secretName !== undefined) {
    const existing = Secret.fromSecretNameV2(scope, 'Secret', secretName);
    // The option takes no ARN: without its suffix, a hyphen and six characters, the ARN of "prod-veriff" looks like the
    // whole ARN of a secret "prod".
    return { secret: existing, id: secretName, resource: `${existing.secretArn}-??????` };
  }

  const secret = new Secret(scope, 'Secret', {
    description: "Veriff's shared secret key, a list of keys, or an object from name to key or keys.",
    // Never change this after the first deployment: CloudFormation would overwrite the stored key with a new random value.
    // The function recognizes the placeholder by its name, and its value is not in the format of Veriff's keys.
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
