import { randomUUID } from 'node:crypto';

/** An error as Secrets Manager answers it. */
export class SecretsManagerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Version {
  readonly versionId: string;
  /** Binary as Base64. */
  readonly value: { SecretString: string } | { SecretBinary: string };
  createdAt: number;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  /** The version that each staging label is on. One without a label is as good as deleted. */
  readonly labels: Map<string, Version>;
  isScheduledForDeletion?: boolean;
}

const notFound = (what: string) =>
  new SecretsManagerError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);

/** Secrets Manager's rules about versions and staging labels. An `id` is a secret's name or its ARN. */
export class SecretStore {
  readonly #now: () => number;
  readonly #secrets = new Map<string, Secret>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  create(name: string, arn: string, value: Version['value']): Readonly<Version> {
    this.#secrets.set(name, { arn, name, labels: new Map() });
    return this.put(name, value);
  }

  put(id: string, value: Version['value'], { stages = ['AWSCURRENT'] }: { stages?: readonly string[] } = {}) {
    const { labels } = this.#usable(id);
    const version: Version = { versionId: randomUUID(), value, createdAt: this.#now() };
    for (const label of stages) move(labels, label, version);
    return version;
  }

  get(id: string, { stage = 'AWSCURRENT' } = {}): Readonly<Version> {
    const version = this.#usable(id).labels.get(stage);
    if (version === undefined) throw notFound(`secret value for staging label: ${stage}`);
    return version;
  }

  /** With what is scheduled for deletion. */
  list() {
    return [...this.#secrets.values()].map(({ arn, name, labels }) => ({
      arn,
      name,
      labels: Object.fromEntries([...labels].map(([label, { versionId }]) => [label, versionId])),
    }));
  }

  /** As `DescribeSecret` does, also what is scheduled for deletion. */
  describe(id: string): Secret {
    const secret = [...this.#secrets.values()].find(({ arn, name }) => id === arn || id === name);
    if (secret === undefined) throw notFound('secret.');
    return secret;
  }

  /** Moves a label from the version that it must be on to another one, or takes it away. */
  moveStage(id: string, label: string, from: string | undefined, to: string | undefined): void {
    const { labels } = this.#usable(id);
    const { versionId } = labels.get(label) ?? {};
    if (versionId !== from || (to === undefined && label === 'AWSCURRENT')) {
      const rule = 'AWSCURRENT must stay on a version, and a label is taken from the version that has it';
      throw new SecretsManagerError('InvalidParameterException', `${label} is on ${versionId}: ${rule}.`);
    }
    const version = [...labels.values()].find((known) => known.versionId === to);
    if (to === undefined) labels.delete(label);
    else if (version === undefined) throw notFound(`secret version: ${to}`);
    else move(labels, label, version);
  }

  /** Takes a label away, even `AWSCURRENT`, which AWS itself would refuse. */
  removeStage(id: string, label: string): void {
    this.#usable(id).labels.delete(label);
  }

  /** Makes the version with this label older. */
  backdate(id: string, label: string, milliseconds: number): void {
    const version = this.#usable(id).labels.get(label);
    if (version !== undefined) version.createdAt -= milliseconds;
  }

  remove(name: string): void {
    this.#secrets.delete(name);
  }

  /** As `DeleteSecret` does: nothing more can be done with the secret. */
  scheduleDeletion(id: string): void {
    this.describe(id).isScheduledForDeletion = true;
  }

  #usable(id: string): Secret {
    const secret = this.describe(id);
    if (!secret.isScheduledForDeletion) return secret;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new SecretsManagerError('InvalidRequestException', message);
  }
}

/** `AWSPREVIOUS` follows to where `AWSCURRENT` was. */
function move(labels: Map<string, Version>, label: string, to: Version): void {
  const from = labels.get(label);
  labels.set(label, to);
  if (label === 'AWSCURRENT' && from !== undefined && from !== to) labels.set('AWSPREVIOUS', from);
}
