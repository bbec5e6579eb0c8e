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

export type SecretStore = ReturnType<typeof createSecretStore>;

/** Secrets Manager's rules about versions and staging labels. An `id` is a secret's name or its ARN. */
export function createSecretStore(now = Date.now) {
  const secrets = new Map<string, Secret>();

  /** As `DescribeSecret` does, also what is scheduled for deletion. */
  function describe(id: string): Secret {
    const secret = [...secrets.values()].find(({ arn, name }) => id === arn || id === name);
    if (secret === undefined) throw notFound('secret.');
    return secret;
  }

  function labelsOf(id: string): Map<string, Version> {
    const { labels, isScheduledForDeletion } = describe(id);
    if (!isScheduledForDeletion) return labels;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new SecretsManagerError('InvalidRequestException', message);
  }

  function put(id: string, value: Version['value'], { stages = ['AWSCURRENT'] } = {}): Readonly<Version> {
    const version = { versionId: randomUUID(), value, createdAt: now() };
    for (const label of stages) move(labelsOf(id), label, version);
    return version;
  }

  return {
    describe,
    put,
    create(name: string, arn: string, value: Version['value']): void {
      secrets.set(name, { arn, name, labels: new Map() });
      put(name, value);
    },
    get(id: string, { stage = 'AWSCURRENT' } = {}): Readonly<Version> {
      const version = labelsOf(id).get(stage);
      if (version === undefined) throw notFound(`secret value for staging label: ${stage}`);
      return version;
    },
    /** With what is scheduled for deletion. */
    list: () =>
      [...secrets.values()].map(({ arn, name, labels }) => ({
        arn,
        name,
        labels: Object.fromEntries([...labels].map(([label, { versionId }]) => [label, versionId])),
      })),
    /** Moves a label from the version that it must be on to another one, or takes it away. */
    moveStage(id: string, label: string, from: string | undefined, to: string | undefined): void {
      const labels = labelsOf(id);
      const { versionId } = labels.get(label) ?? {};
      if (versionId !== from || (to === undefined && label === 'AWSCURRENT')) {
        const rule = 'AWSCURRENT must stay on a version, and a label is taken from the version that has it';
        throw new SecretsManagerError('InvalidParameterException', `${label} is on ${versionId}: ${rule}.`);
      }
      const version = [...labels.values()].find((known) => known.versionId === to);
      if (to === undefined) labels.delete(label);
      else if (version === undefined) throw notFound(`secret version: ${to}`);
      else move(labels, label, version);
    },
    /** Takes a label away, even `AWSCURRENT`, which AWS itself would refuse. */
    removeStage: (id: string, label: string) => void labelsOf(id).delete(label),
    /** Makes the version with this label older. */
    backdate(id: string, label: string, milliseconds: number): void {
      const version = labelsOf(id).get(label);
      if (version !== undefined) version.createdAt -= milliseconds;
    },
    remove: (name: string) => void secrets.delete(name),
    /** As `DeleteSecret` does: nothing more can be done with the secret. */
    scheduleDeletion(id: string): void {
      describe(id).isScheduledForDeletion = true;
    },
  };
}

function notFound(what: string): SecretsManagerError {
  const message = `Secrets Manager can't find the specified ${what}`;
  return new SecretsManagerError('ResourceNotFoundException', message);
}

/** `AWSPREVIOUS` follows to where `AWSCURRENT` was. */
function move(labels: Map<string, Version>, label: string, to: Version): void {
  const from = labels.get(label);
  labels.set(label, to);
  if (label === 'AWSCURRENT' && from !== undefined && from !== to) labels.set('AWSPREVIOUS', from);
}
