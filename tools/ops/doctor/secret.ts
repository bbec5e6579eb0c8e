import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import { revertDrift } from '../drift.ts';
import { inWords } from '../secret/form.ts';
import {
  DeletedSecretError,
  keysOf,
  previousWorksUntil,
  type ReadVersion,
  readVersions,
} from '../secret/versions.ts';
import type { Stack } from '../stack.ts';
import { bad, type Finding, good } from './finding.ts';

/** The secret in use, as far as it can be used. */
export interface InUse {
  readonly version: ReadVersion;
  readonly key: StoredKey;
}

/** Whether the receiver can use the secret, and the key to sign a probe with. */
export async function checkSecret(
  client: SecretsManagerClient,
  { name, outputs }: Stack,
  flags: string,
): Promise<{ finding: Finding; inUse?: InUse }> {
  const command = `"npm run secret -- ${flags}"`;
  const versions = await readVersions(client, outputs.SecretName).catch((error) => {
    if (error instanceof DeletedSecretError) return error;
    throw error;
  });
  if (versions instanceof DeletedSecretError) {
    return { finding: bad(`Secret: ${versions.what}`, versions.todo) };
  }
  const { current, previous, previousFailure } = versions;
  if (current === undefined)
    return {
      finding: bad(
        `Secret: ${outputs.SecretName} is not there, or has no value`,
        `make it again if it was deleted (if it is the stack's, ${revertDrift(name)}), then store the key with ${command}`,
      ),
    };
  if (!current.parsed.ok) {
    return { finding: bad(`Secret: ${current.parsed.problem.replace(/\.$/, '')}`, `use ${command}`) };
  }
  const keys = keysOf(current);
  const until = previousWorksUntil(versions, outputs, new Date());
  const older = keysOf(previous).filter(({ secret }) => !keys.some((key) => key.secret === secret));
  const said = [
    `Secret: ${inWords(keys)}, stored ${current.createdAt.toISOString()}`,
    ...(until !== undefined && older.length > 0
      ? [`until ${until.toISOString()} also ${inWords(older)} of the previous version`]
      : []),
    ...(previousFailure === undefined ? [] : [`the previous version could not be read: ${previousFailure}`]),
  ].join('; ');
  const [key] = keys;
  return { finding: good(said), ...(key && { inUse: { version: current, key } }) };
}
