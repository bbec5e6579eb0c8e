import { expect, test } from 'vitest';
import { createInitialSecret } from '../../../tools/local/initial-secret.ts';
import { SecretStore } from '../../../tools/local/secret-store.ts';
import { planStack } from '../../../tools/local/template.ts';
import { place, smallTemplate } from './small-template.ts';

test('an existing secret is made under its whole name, also when six characters stand after its last hyphen', () => {
  const plan = planStack(smallTemplate(), place);
  const environment = { ...plan.function.environment, SECRET_ID: 'prod-veriff' };
  const existing = { ...plan, secrets: [], function: { ...plan.function, environment } };
  expect(createInitialSecret(new SecretStore(), existing).name).toBe('prod-veriff');
});
