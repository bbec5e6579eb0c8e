import { randomBytes } from 'node:crypto';
import {
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import {
  PLACEHOLDER_NAME,
  parseSecretValue,
  type StoredKey,
} from '../../../functions/receiver/secret-value.ts';
import type { Stage } from '../../../functions/receiver/secret-version.ts';
import type { Change } from './change.ts';
import { formatSecretValue } from './form.ts';
import type { Versions } from './versions.ts';

/** The staging label of a version that is not in use yet. */
const STAGED = 'veriff-status-receiver-staged';

/** The secret, and the versions that its labels were on when it was read. */
export interface Target {
  readonly client: SecretsManagerClient;
  readonly secretName: string;
  readonly versions: Versions;
}

/**
 * Carries out a change.
 * @throws Error when a label is no longer where it was read: somebody else stored something meanwhile.
 */
export async function carryOut(target: Target, { current, previous }: Change): Promise<void> {
  const { versions } = target;
  if (current !== undefined) await storeCurrent(target, secretValueOf(current));
  const holder = current === undefined ? versions.previous?.id : versions.current?.id;
  if (previous === undefined || holder === undefined) return;
  try {
    if (previous.length > 0) return await storeAs('AWSPREVIOUS', target, holder, secretValueOf(previous));
    await moveLabel(target, { VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: holder });
  } catch (cause) {
    throw new Error('AWSPREVIOUS still holds the key: run this again', { cause });
  }
}

/**
 * What is stored for these keys; without any, a value that opens nothing.
 * @throws Error when the receiver could not use it.
 */
export function secretValueOf(keys: readonly StoredKey[]): string {
  if (keys.length === 0) return JSON.stringify({ [PLACEHOLDER_NAME]: randomBytes(16).toString('hex') });
  const value = formatSecretValue(keys);
  const parsed = parseSecretValue(value);
  if (!parsed.ok) throw new Error(parsed.problem);
  return value;
}

async function storeCurrent(target: Target, value: string): Promise<void> {
  const { client, secretName, versions } = target;
  const holder = versions.current?.id;
  if (holder !== undefined) return storeAs('AWSCURRENT', target, holder, value);
  await client.send(new PutSecretValueCommand({ SecretId: secretName, SecretString: value }));
}

/**
 * Stores a version and moves the label to it. PutSecretValue would do both at once, but over whatever is stored at that
 * moment; UpdateSecretVersionStage fails unless the label is still on the version that was read.
 */
async function storeAs(stage: Stage, target: Target, holder: string, value: string): Promise<void> {
  const { client, secretName } = target;
  const { VersionId } = await client.send(
    new PutSecretValueCommand({ SecretId: secretName, SecretString: value, VersionStages: [STAGED] }),
  );
  try {
    await moveLabel(target, {
      VersionStage: stage,
      RemoveFromVersionId: holder,
      MoveToVersionId: VersionId,
    });
  } finally {
    // Without this label, a version that did not come into use is left to Secrets Manager to delete.
    await moveLabel(target, { VersionStage: STAGED, RemoveFromVersionId: VersionId }).catch(() => {});
  }
}

interface Move {
  readonly VersionStage: string;
  readonly RemoveFromVersionId: string | undefined;
  readonly MoveToVersionId?: string | undefined;
}

async function moveLabel({ client, secretName }: Target, move: Move): Promise<void> {
  try {
    await client.send(new UpdateSecretVersionStageCommand({ SecretId: secretName, ...move }));
  } catch (cause) {
    if (!(cause instanceof InvalidParameterException)) throw cause;
    throw new Error(
      `expected ${move.VersionStage} on the version that was read, got it on another: somebody stored a value meanwhile; look at it with --status, and run this again`,
      { cause },
    );
  }
}
