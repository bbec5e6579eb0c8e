import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { REGION } from './addresses.ts';
import { ACCOUNT } from './physical.ts';
import type { Plan, PlannedSecret } from './plan.ts';
import type { SecretStore } from './secret-store.ts';

const object = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Makes the stack's secret with the placeholder that CloudFormation generates, or the existing one it was given. */
export function createInitialSecret(store: SecretStore, plan: Plan): { name: string; arn: string } {
  const given = plan.function.environment.SECRET_ID ?? '';
  // With the option `secretName` the function has a name and no ARN.
  const adopted: PlannedSecret = {
    name: given,
    arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${given}-Local0`,
    generate: undefined,
  };
  const { name, arn, generate } = plan.secrets.find((secret) => secret.arn === given) ?? adopted;
  const { template, key } = generate ?? { template: '{}', key: 'placeholder' };
  const value = { ...v.parse(object, template), [key]: randomBytes(16).toString('hex') };
  return store.create(name, arn, { SecretString: JSON.stringify(value) });
}
