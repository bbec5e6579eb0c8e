import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { synthesize } from './synthesize.ts';

test('is born with a random placeholder under the one key that the function refuses', () => {
  synthesize().template.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { SecretStringTemplate: '{}', GenerateStringKey: 'placeholder' },
  });
});

describe('with an existing secret', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:veriff/shared-secret-AbC123';
  const { template } = synthesize({ secretArn });

  test('makes none', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  test('reads that one and nothing else', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SECRET_ID: secretArn }) },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn },
        ]),
      }),
    });
  });

  test('prints its name, and no command that would write over it', () => {
    const outputs = template.toJSON().Outputs;
    expect(outputs.SecretName.Value).toBe('veriff/shared-secret');
    expect(outputs).not.toHaveProperty('NextStep');
  });
});
