import { DescribeSecretCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import {
  parseSecretValue,
  type SecretValue,
  type StoredKey,
} from '../../../functions/receiver/secret-value.ts';
import {
  readFrom,
  type SecretVersion,
  UnusableSecretError,
} from '../../../functions/receiver/secret-version.ts';
import { sentenceOf } from '../../cli/failure.ts';
import { revertDrift, type Stack } from '../stack.ts';

const LIMIT_MS = 20_000;
const HOUR_MS = 3_600_000;

/** What the receiver uses for a stack that doesn't put out another. */
export const DEFAULT_GRACE_HOURS = 24;

export interface ReadVersion extends SecretVersion {
  readonly parsed: SecretValue;
}

/** The versions that the receiver reads; undefined: no version has the label. */
export interface Versions {
  readonly current: ReadVersion | undefined;
  readonly previous: ReadVersion | undefined;
  /** Why AWSPREVIOUS could not be read: the receiver does without it, too. */
  readonly previousFailure: string | undefined;
  /** Until when the keys of the previous version work; undefined: they don't. */
  readonly previousUntil: Date | undefined;
  /** Until when a previous version works that is stored now. */
  readonly newPreviousUntil: Date;
}

export type SecretOfStack = Pick<Stack, 'secretsManager'> & {
  readonly outputs: Pick<Stack['outputs'], 'SecretName' | 'PreviousSecretGraceHours'>;
};

/** A secret that is scheduled for deletion can be neither read nor written. */
export class DeletedSecretError extends Error {
  readonly what: string;
  readonly todo: string;

  constructor(secretName: string, cause: unknown) {
    const what = `${secretName} is scheduled for deletion`;
    const todo = `restore it with "aws secretsmanager restore-secret --secret-id '${secretName}'"`;
    super(`${what}; ${todo}`, { cause });
    this.what = what;
    this.todo = todo;
  }
}

/** Reads both versions as the receiver does. */
export async function readVersions(
  { secretsManager, outputs }: SecretOfStack,
  now = new Date(),
): Promise<Versions> {
  const read = readFrom(secretsManager, outputs.SecretName);
  const [current, previousOrFailure] = await Promise.all([
    read('AWSCURRENT', AbortSignal.timeout(LIMIT_MS))
      .then(parsed)
      .catch((error: unknown) => {
        if (!(error instanceof UnusableSecretError)) throw error;
        throw new DeletedSecretError(outputs.SecretName, error.cause);
      }),
    read('AWSPREVIOUS', AbortSignal.timeout(LIMIT_MS)).then(parsed).catch(sentenceOf),
  ]);
  const graceMs = (outputs.PreviousSecretGraceHours ?? DEFAULT_GRACE_HOURS) * HOUR_MS;
  const newPreviousUntil = new Date(now.getTime() + graceMs);
  if (typeof previousOrFailure === 'string') {
    const previousFailure = previousOrFailure;
    return { current, previous: undefined, previousFailure, previousUntil: undefined, newPreviousUntil };
  }
  const previous = previousOrFailure;
  const until = new Date(Math.max(Number(current?.createdAt), Number(previous?.createdAt)) + graceMs);
  const previousUntil = current?.parsed.ok && previous?.parsed.ok && until > now ? until : undefined;
  return { current, previous, previousFailure: undefined, previousUntil, newPreviousUntil };
}

function parsed(version: SecretVersion | undefined): ReadVersion | undefined {
  return version && { ...version, parsed: parseSecretValue(version.value) };
}

/** The same of a secret that is there, with a value or without. */
export async function readExisting(stack: Stack): Promise<Versions> {
  const versions = await readVersions(stack);
  if (versions.current !== undefined || versions.previous !== undefined) return versions;
  const { SecretName: SecretId } = stack.outputs;
  // Only this call tells a secret without a value from one that is not there.
  const found = await stack.secretsManager
    .send(new DescribeSecretCommand({ SecretId }))
    .catch((error: unknown) => error);
  if (!(found instanceof ResourceNotFoundException)) return versions;
  throw new Error(
    `expected the secret ${SecretId}, got none, so somebody deleted it; if it is the stack's, ${revertDrift(stack)}, else make it again; then store the key`,
  );
}

export async function storedSecret(stack: Stack): Promise<string> {
  const { current } = await readExisting(stack);
  if (current !== undefined) return current.value;
  throw new Error(
    `expected the secret ${stack.outputs.SecretName} to have a value, got none; store the key with "npm run secret"`,
  );
}

/** The keys of a version, as far as the receiver can use them. */
export function keysOf(version: ReadVersion | undefined): readonly StoredKey[] {
  return version?.parsed.ok ? version.parsed.keys : [];
}
