import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readFrom } from '../functions/receiver/secret-version.ts';
import { CREDENTIALS, isLoopback, localSecretsManager, REGION } from './local/addresses.ts';
import { explained } from './secret/versions.ts';

const LIMIT_MS = 20_000;

/**
 * Reads the secret's value where the receiver reads it: for a webhook on this machine from the local stack, else from
 * AWS Secrets Manager with the credentials and the Region of the environment.
 * @param secretId name or ARN; the local stack has only one secret, which needn't be named
 */
export async function fetchSharedSecret(webhook: URL, secretId: string | undefined): Promise<string> {
  const local = isLoopback(webhook);
  const manager = new SecretsManagerClient(
    local ? { endpoint: localSecretsManager(webhook), region: REGION, credentials: CREDENTIALS } : {},
  );
  try {
    const id = secretId ?? (local ? await onlySecret(manager) : undefined);
    if (id === undefined)
      throw new Error('expected --secret-id for a URL that is not on this machine; give it');
    return await currentValue(manager, id);
  } catch (error) {
    if (!local || !(error instanceof Error) || !('code' in error)) throw error;
    throw new Error(
      `expected the local stack's Secrets Manager at ${localSecretsManager(webhook)}, got ${error.code}; start the stack with "npm start", or give the secret`,
      { cause: error },
    );
  } finally {
    manager.destroy();
  }
}

async function currentValue(manager: SecretsManagerClient, id: string): Promise<string> {
  const read = readFrom(manager, id);
  const version = await read('AWSCURRENT', AbortSignal.timeout(LIMIT_MS)).catch((error) => {
    throw explained(error, id);
  });
  if (version !== undefined) return version.value;
  throw new Error(
    `expected a secret ${id} with a value, got none; give the name that the stack put out as SecretName`,
  );
}

async function onlySecret(manager: SecretsManagerClient): Promise<string | undefined> {
  const { SecretList = [] } = await manager.send(new ListSecretsCommand({}));
  return SecretList[0]?.ARN;
}
