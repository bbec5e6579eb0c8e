import {
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { CREDENTIALS, isLoopback, localSecretsManager, REGION } from './local/addresses.ts';

export interface SharedSecret {
  readonly secret: string;
  /** The integration's API key that the secret belongs to, when the store says so. */
  readonly client?: string;
}

/**
 * Reads Veriff's shared secret key where the receiver reads it: for a webhook on this machine from the local stack,
 * else from AWS Secrets Manager with the credentials and the Region of the environment.
 * @param secretId name or ARN; the local stack has only one secret, which needn't be named
 * @param client the integration's API key, to choose from a secret that holds several
 */
export async function fetchSharedSecret(
  webhook: URL,
  secretId: string | undefined,
  client: string | undefined,
): Promise<SharedSecret> {
  const local = isLoopback(webhook);
  const manager = new SecretsManagerClient(
    local ? { endpoint: localSecretsManager(webhook), region: REGION, credentials: CREDENTIALS } : {},
  );
  try {
    const id = secretId ?? (local ? await onlySecret(manager) : undefined);
    if (id === undefined)
      throw new Error('expected --secret-id for a URL that is not on this machine; give it');
    const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: id }));
    return chooseSecret(SecretString ?? '', client);
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

async function onlySecret(manager: SecretsManagerClient): Promise<string | undefined> {
  const { SecretList = [] } = await manager.send(new ListSecretsCommand({}));
  return SecretList[0]?.ARN;
}

const mapOfKeys = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string()));

/**
 * The key in a secret's value, which is the bare key or a JSON object from API key to key.
 * @throws Error when the value is still the placeholder, or several keys are there to choose from.
 */
export function chooseSecret(value: string, client: string | undefined): SharedSecret {
  const parsed = v.safeParse(mapOfKeys, value);
  if (!parsed.success) return { secret: value };
  const { placeholder, ...keys } = parsed.output;
  if (placeholder !== undefined) {
    throw new Error("expected Veriff's shared secret key, got the stack's placeholder; store the key first");
  }
  const names = Object.keys(keys);
  const name = client ?? (names.length === 1 ? names[0] : undefined);
  const secret = name === undefined ? undefined : keys[name];
  if (name === undefined || secret === undefined) {
    throw new Error(
      `expected one of the integrations ${names.join(', ')}, got ${client ?? 'none'}; choose with --client`,
    );
  }
  return { secret, client: name };
}
