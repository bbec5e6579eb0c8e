import {
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import type { StagingLabel } from '../../../functions/receiver/secret-version.ts';
import type { Change } from './change.ts';
import { secretValueOf } from './form.ts';
import type { Versions } from './versions.ts';

/** The staging label of a version that is not in use yet. */
const STAGED = 'veriff-status-receiver-staged';

/** The secret, and the versions that its labels were on when it was read. */
export interface SecretAsRead {
  readonly client: SecretsManagerClient;
  readonly secretName: string;
  readonly versions: Versions;
}

/**
 * Carries out a change.
 * @throws Error when a label is no longer where it was read: somebody else stored something meanwhile.
 */
export async function carryOut(secret: SecretAsRead, { current, previous }: Change): Promise<void> {
  const { versions } = secret;
  if (current !== undefined) await store(secret, 'AWSCURRENT', versions.current?.id, current);
  const holder = current === undefined ? versions.previous?.id : versions.current?.id;
  if (previous === undefined || holder === undefined) return;
  try {
    if (previous.length > 0) await store(secret, 'AWSPREVIOUS', holder, previous);
    else await moveLabel(secret, 'AWSPREVIOUS', holder, undefined);
  } catch (cause) {
    throw new Error('AWSPREVIOUS still holds the key: run this again', { cause });
  }
}

/**
 * Stores a version and moves the label to it. PutSecretValue would do both at once, but over whatever is stored at that
 * moment; UpdateSecretVersionStage fails unless the label is still on the version that was read.
 * @param holder the version that has the label; undefined: none, so that there is nothing to store over
 */
async function store(
  secret: SecretAsRead,
  stage: StagingLabel,
  holder: string | undefined,
  keys: readonly StoredKey[],
): Promise<void> {
  const { VersionId } = await secret.client.send(
    new PutSecretValueCommand({
      SecretId: secret.secretName,
      SecretString: secretValueOf(keys),
      ...(holder !== undefined && { VersionStages: [STAGED] }),
    }),
  );
  if (holder === undefined) return;
  try {
    await moveLabel(secret, stage, holder, VersionId);
  } finally {
    // Without this label, a version that did not come into use is left to Secrets Manager to delete.
    await moveLabel(secret, STAGED, VersionId, undefined).catch(() => {});
  }
}

async function moveLabel(
  { client, secretName }: SecretAsRead,
  VersionStage: string,
  RemoveFromVersionId: string | undefined,
  MoveToVersionId: string | undefined,
): Promise<void> {
  try {
    const move = { VersionStage, RemoveFromVersionId, MoveToVersionId };
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: secretName, ...move }));
  } catch (cause) {
    if (!(cause instanceof InvalidParameterException)) throw cause;
    throw new Error(
      `expected ${VersionStage} on the version that was read, got it on another: somebody stored a value meanwhile; look at it with --status, and run this again`,
      { cause },
    );
  }
}
