import { describe, expect, test } from 'vitest';
import { arnOfSecret, synthesize } from './synthesize.ts';

test('is born with a random placeholder under the one key that the function refuses', () => {
  synthesize().template.hasResourceProperties('AWS::SecretsManager::Secret', {
    GenerateSecretString: { SecretStringTemplate: '{}', GenerateStringKey: 'placeholder' },
  });
});

// An ARN without the six characters that Secrets Manager adds would make "prod" of this name.
describe.each(['prod-veriff', 'veriff/shared-secret'])('the existing secret %s', (secretName) => {
  const { template } = synthesize({ secretName });
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));

  test('is the only one', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  test('is asked for by its name, and may be read by no other', () => {
    expect(lambda?.Properties.Environment.Variables.SECRET_ID).toBe(secretName);
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.filter(({ Action }) => String(Action).startsWith('secretsmanager:'))).toEqual([
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arnOfSecret(secretName) },
    ]);
  });

  test('is put out by its whole name, and with no command that would write over it', () => {
    const outputs = template.toJSON().Outputs;
    expect(outputs.SecretName.Value).toBe(secretName);
    expect(outputs).not.toHaveProperty('NextStep');
  });
});
