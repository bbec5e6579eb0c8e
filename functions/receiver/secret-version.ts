import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from './attempt.ts';

/** The staging labels that the receiver reads. */
export type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

/** One version of the secret. */
export interface SecretVersion {
  readonly id: string | undefined;
  readonly value: string;
  readonly createdAt: Date;
}

/** Reads the version that has this staging label; undefined: none has it, or there is no such secret. */
export type ReadSecret = (stage: Stage, signal: AbortSignal) => Promise<SecretVersion | undefined>;

/** The secret was read, or is known to be deleted, and holds no key: all keys that were read before have ended. */
export class UnusableSecretError extends UnavailableError {
  override readonly name = 'UnusableSecretError';
  /** The key was never stored. */
  readonly isPlaceholder: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isPlaceholder?: boolean } = {}) {
    super('secret', message, options);
    this.isPlaceholder = options.isPlaceholder ?? false;
  }
}

/** Reads from Secrets Manager. */
export function readFrom(client: SecretsManagerClient, secretId: string): ReadSecret {
  return async (stage, abortSignal) => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    try {
      const { SecretString, SecretBinary, CreatedDate, VersionId } = await client.send(command, {
        abortSignal,
      });
      const value = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString());
      // The SDK hands on whatever stands in the place of the text.
      if (typeof value !== 'string' || CreatedDate === undefined) {
        throw new Error('Expected a value and its date from Secrets Manager, got an answer without.');
      }
      return { id: VersionId, value, createdAt: CreatedDate };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      if (error instanceof InvalidRequestException) {
        throw new UnusableSecretError('The secret is scheduled for deletion: restore it.', { cause: error });
      }
      throw error;
    }
  };
}
