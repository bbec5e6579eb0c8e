import { randomUUID } from 'node:crypto';

/** An error as Secrets Manager answers it: the type goes out as `__type`, the message as `Message`. */
export class SecretsManagerError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

export type SecretValue = { SecretString: string } | { SecretBinary: string };

interface Version {
  readonly id: string;
  readonly value: SecretValue;
  readonly stages: Set<string>;
  createdAt: number;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  changedAt: number;
  isScheduledForDeletion?: boolean;
  readonly versions: Map<string, Version>;
}

export interface PutOptions {
  /** `ClientRequestToken`: becomes the version's id and makes the call idempotent. */
  readonly token?: string;
  readonly stages?: readonly string[];
}

export interface Stored {
  readonly arn: string;
  readonly name: string;
  readonly versionId: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
  readonly value: SecretValue;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** The rules of Secrets Manager about versions and their stages, in memory. */
export class SecretStore {
  readonly #now: () => number;
  readonly #secrets = new Map<string, Secret>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  create(name: string, arn: string, value: SecretValue): Stored {
    if (this.#secrets.has(arn)) {
      throw new SecretsManagerError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const createdAt = this.#now();
    this.#secrets.set(arn, { arn, name, createdAt, changedAt: createdAt, versions: new Map() });
    return this.put(arn, value);
  }

  put(id: string, value: SecretValue, options: PutOptions = {}): Stored {
    const secret = this.#live(id);
    const token = options.token ?? randomUUID();
    if (token.length < 32 || token.length > 64) {
      throw new SecretsManagerError(
        'InvalidParameterException',
        'ClientRequestToken must be 32-64 characters long.',
      );
    }
    const known = secret.versions.get(token);
    if (known !== undefined) {
      if (JSON.stringify(known.value) === JSON.stringify(value)) return stored(secret, known);
      throw new SecretsManagerError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    const first = secret.versions.size === 0;
    const version: Version = { id: token, value, stages: new Set(), createdAt: this.#now() };
    secret.versions.set(token, version);
    for (const stage of new Set([...(options.stages ?? [CURRENT]), ...(first ? [CURRENT] : [])])) {
      move(secret, stage, version);
    }
    secret.changedAt = version.createdAt;
    return stored(secret, version);
  }

  get(id: string, ask: { versionId?: string | undefined; stage?: string | undefined } = {}): Stored {
    const secret = this.#live(id);
    const { versionId, stage = CURRENT } = ask;
    const version = versionId === undefined ? holder(secret, stage) : secret.versions.get(versionId);
    if (version === undefined) {
      const what = versionId === undefined ? `staging label: ${stage}` : `VersionId: ${versionId}`;
      throw new SecretsManagerError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${what}`,
      );
    }
    if (ask.stage !== undefined && !version.stages.has(ask.stage)) {
      throw new SecretsManagerError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    }
    return stored(secret, version);
  }

  describe(id: string) {
    const secret = this.#find(id);
    const staged = [...secret.versions.values()].filter((version) => version.stages.size > 0);
    return {
      arn: secret.arn,
      name: secret.name,
      createdAt: secret.createdAt,
      changedAt: secret.changedAt,
      versions: Object.fromEntries(staged.map((version) => [version.id, [...version.stages]])),
    };
  }

  list() {
    return [...this.#secrets.keys()].map((arn) => this.describe(arn));
  }

  moveStage(id: string, stage: string, removeFrom: string | undefined, moveTo: string | undefined): Stored {
    const secret = this.#live(id);
    const from = holder(secret, stage);
    if (from !== undefined && from.id !== removeFrom) {
      throw new SecretsManagerError(
        'InvalidParameterException',
        removeFrom === undefined
          ? `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${from.id}, so you must explicitly reference that version in RemoveFromVersionId.`
          : `The parameter RemoveFromVersionId can't be ${removeFrom}. Staging label ${stage} is currently attached to version ${from.id}.`,
      );
    }
    if (moveTo === undefined) {
      if (stage === CURRENT) {
        throw new SecretsManagerError(
          'InvalidParameterException',
          `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
        );
      }
      from?.stages.delete(stage);
    } else {
      move(secret, stage, this.#version(secret, moveTo));
    }
    secret.changedAt = this.#now();
    return stored(secret, this.#version(secret, moveTo ?? removeFrom ?? ''));
  }

  /** Takes a stage away, even `AWSCURRENT`, which AWS itself would refuse. */
  removeStage(id: string, stage: string): void {
    holder(this.#live(id), stage)?.stages.delete(stage);
  }

  /** Makes the version that holds `stage` older by `milliseconds`. */
  backdate(id: string, stage: string, milliseconds: number): void {
    const version = this.#version(this.#live(id), this.get(id, { stage }).versionId);
    version.createdAt -= milliseconds;
  }

  remove(id: string): void {
    this.#secrets.delete(this.#find(id).arn);
  }

  /** What `DeleteSecret` does: from then on the secret can only be restored. */
  scheduleDeletion(id: string): void {
    this.#live(id).isScheduledForDeletion = true;
  }

  #find(id: string): Secret {
    // A partial ARN is one without the six random characters that Secrets Manager appends.
    const found = [...this.#secrets.values()].find(
      ({ arn, name }) => id === arn || id === name || id === arn.replace(/-[^-]{6}$/, ''),
    );
    if (found === undefined) {
      throw new SecretsManagerError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret.",
      );
    }
    return found;
  }

  /** A secret as most calls want it; one that is to be deleted can still be described. */
  #live(id: string): Secret {
    const found = this.#find(id);
    if (found.isScheduledForDeletion) {
      throw new SecretsManagerError(
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return found;
  }

  #version(secret: Secret, id: string): Version {
    const version = secret.versions.get(id);
    if (version !== undefined) return version;
    throw new SecretsManagerError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret version: ${id}`,
    );
  }
}

function holder(secret: Secret, stage: string): Version | undefined {
  return [...secret.versions.values()].find((version) => version.stages.has(stage));
}

/** A stage sits on one version; `AWSPREVIOUS` follows where `AWSCURRENT` was. */
function move(secret: Secret, stage: string, to: Version): void {
  const from = holder(secret, stage);
  if (from === to) return;
  from?.stages.delete(stage);
  to.stages.add(stage);
  if (stage === CURRENT && from !== undefined) move(secret, PREVIOUS, from);
}

function stored(secret: Secret, version: Version): Stored {
  return {
    arn: secret.arn,
    name: secret.name,
    versionId: version.id,
    stages: [...version.stages],
    createdAt: version.createdAt,
    value: version.value,
  };
}
