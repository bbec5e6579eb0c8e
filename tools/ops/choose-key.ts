import { parseSecretValue, type StoredKey } from '../../functions/receiver/secret-value.ts';

/** The key to sign with: the first of the integration, or of all. The value is as it is stored in the secret. */
export function chooseKey(value: string, integration: string | undefined): StoredKey {
  const parsed = parseSecretValue(value);
  if (!parsed.ok) throw new Error(parsed.problem);
  const key = parsed.keys.find((one) => integration === undefined || one.integration === integration);
  if (key !== undefined) return key;
  const names = new Set(parsed.keys.flatMap((one) => one.integration ?? []));
  throw new Error(
    names.size === 0
      ? `expected no integration, as no stored key has a name, got ${integration}; leave it out`
      : `expected one of the integrations ${[...names].join(', ')}, got ${integration}; choose one of them`,
  );
}
