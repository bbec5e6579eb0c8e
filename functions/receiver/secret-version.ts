import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from './retry.ts';

/** The staging labels that the receiver reads. */
export type StagingLabel = 'AWSCURRENT' | 'AWSPREVIOUS';

/** One version of the secret. */
export interface SecretVersion {
  readonly id: string | undefined;
  readonly value: string;
  readonly createdAt: Date;
}

/** Reads the version with this staging label; undefined when no version has it or the secret does not exist. */
export type ReadSecret = (label: StagingLabel, signal: AbortSignal) => Promise<SecretVersion | undefined>;

/** The secret was deleted, or was read and has no usable key. Keys that were read before must not be used any more. */
export class UnusableSecretError extends UnavailableError {
  override readonly name = 'UnusableSecretError';
  /** Whether the secret holds only the placeholder. */
  readonly isPlaceholder: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isPlaceholder?: boolean } = {}) {
    super('secret', message, options);
    this.isPlaceholder = options.isPlaceholder ?? false;
  }
}

/** A {@link ReadSecret} that calls Secrets Manager. */
export function readFrom(client: SecretsManagerClient, secretId: string): ReadSecret {
  return async (label, abortSignal) => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: label });
    try {
      const { SecretString, SecretBinary, CreatedDate, VersionId } = await client.send(command, {
        abortSignal,
      });
      const value = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString());
      // The SDK does not check the response: SecretString could be of any type.
      if (typeof value !== 'string' || CreatedDate === undefined) {
        throw new Error(
          'Expected a secret value and its CreatedDate from Secrets Manager, got a response without one of them.',
        );
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
