import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Plan, PlannedSecret } from './plan.ts';
import type { SecretStore } from './secret-store.ts';

const object = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Makes the stack's secret with the placeholder that CloudFormation generates, or the existing one it was given. */
export function createInitialSecret(store: SecretStore, plan: Plan): { name: string; arn: string } {
  const given = plan.function.environment.SECRET_ID ?? '';
  const adopted: PlannedSecret = {
    name: given.replace(/^.*:secret:/, '').replace(/-[^-]{6}$/, ''),
    arn: given,
    generate: undefined,
  };
  const { name, arn, generate } = plan.secrets.find((secret) => secret.arn === given) ?? adopted;
  const { template, key } = generate ?? { template: '{}', key: 'placeholder' };
  const value = { ...v.parse(object, template), [key]: randomBytes(16).toString('hex') };
  return store.create(name, arn, { SecretString: JSON.stringify(value) });
}
