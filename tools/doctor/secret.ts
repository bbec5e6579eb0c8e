import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecret } from '../../functions/receiver/secret-value.ts';
import type { SecretVersion } from '../../functions/receiver/secrets.ts';
import type { Key } from '../../functions/receiver/signature.ts';
import { problemOf } from '../secret/form.ts';
import { previousWorksUntil, readVersions } from '../secret/versions.ts';
import type { Stack } from '../stack.ts';
import { bad, type Finding, good } from './finding.ts';

/** The secret in use, as far as it can be used. */
export interface InUse {
  readonly version: SecretVersion;
  readonly key: Key;
}

/** Whether the secret is real, and the key to sign a probe with. */
export async function checkSecret(
  client: SecretsManagerClient,
  { outputs }: Stack,
  flags: string,
): Promise<{ finding: Finding; inUse?: InUse }> {
  const store = `store the integration's shared secret key with "npm run secret -- ${flags}"`;
  const versions = await readVersions(client, outputs.SecretName);
  const { current } = versions;
  if (current === undefined)
    return { finding: bad(`Secret ${outputs.SecretName}: has no current value`, store) };
  const problem = problemOf(current.value);
  const parsed = parseSecret(current.value, 'AWSCURRENT');
  const key = parsed.ok ? parsed.keys[0] : undefined;
  if (problem !== undefined || key === undefined) {
    return { finding: bad(`Secret: ${problem}`.replace(/\.$/, ''), store) };
  }
  const until = previousWorksUntil(versions, outputs);
  const previous =
    until !== undefined && until > new Date() ? `, the previous one works until ${until.toISOString()}` : '';
  const keys = parsed.ok && parsed.keys.length > 1 ? `${parsed.keys.length} keys` : 'a key';
  return {
    finding: good(`Secret: ${keys}, stored ${current.createdAt.toISOString()}${previous}`),
    inUse: { version: current, key },
  };
}
