import {
  InvalidParameterException,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import type { StagingLabel } from '../../../functions/receiver/secret-version.ts';
import type { Change } from './change.ts';
import { secretValueOf } from './form.ts';
import type { SecretOfStack, Versions } from './versions.ts';

/** The staging label of a version that is not in use yet. */
const STAGED = 'veriff-status-receiver-staged';

export async function carryOut(
  stack: SecretOfStack,
  versions: Versions,
  { current, previous }: Change,
): Promise<void> {
  if (current !== undefined) await store(stack, 'AWSCURRENT', versions.current?.id, current);
  const holder = current === undefined ? versions.previous?.id : versions.current?.id;
  if (previous === undefined || holder === undefined) return;
  try {
    if (previous.length > 0) await store(stack, 'AWSPREVIOUS', holder, previous);
    else await moveLabel(stack, 'AWSPREVIOUS', holder, undefined);
  } catch (cause) {
    throw new Error('AWSPREVIOUS still holds the key: mend the cause and run this again', { cause });
  }
}

/**
 * Stores a version and moves the label to it. PutSecretValue would do both at once, but over whatever is stored at that
 * moment; UpdateSecretVersionStage fails unless the label is still on the version that was read.
 * @param holder the version that has the label; undefined: none, so that there is nothing to store over
 */
async function store(
  stack: SecretOfStack,
  label: StagingLabel,
  holder: string | undefined,
  keys: readonly StoredKey[],
): Promise<void> {
  const { VersionId } = await stack.secretsManager.send(
    new PutSecretValueCommand({
      SecretId: stack.outputs.SecretName,
      SecretString: secretValueOf(keys),
      ...(holder !== undefined && { VersionStages: [STAGED] }),
    }),
  );
  if (holder === undefined) return;
  try {
    await moveLabel(stack, label, holder, VersionId);
  } finally {
    // Without this label, a version that did not come into use is left to Secrets Manager to delete.
    await moveLabel(stack, STAGED, VersionId, undefined).catch(() => {});
  }
}

async function moveLabel(
  { secretsManager, outputs: { SecretName: SecretId } }: SecretOfStack,
  VersionStage: string,
  RemoveFromVersionId: string | undefined,
  MoveToVersionId: string | undefined,
): Promise<void> {
  try {
    const move = { VersionStage, RemoveFromVersionId, MoveToVersionId };
    await secretsManager.send(new UpdateSecretVersionStageCommand({ SecretId, ...move }));
  } catch (cause) {
    if (!(cause instanceof InvalidParameterException)) throw cause;
    throw new Error(
      `expected ${VersionStage} on the version that was read, got it on another: somebody stored a value meanwhile; look at it with --status, and run this again`,
      { cause },
    );
  }
}
