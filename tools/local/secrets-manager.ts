import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { LoopbackServer } from './loopback.ts';
import { serveOnLoopback } from './loopback.ts';
import type { SecretValue, Stored } from './secret-store.ts';
import { SecretStore, SecretsManagerError } from './secret-store.ts';

export interface SecretsManager {
  /** The endpoint to give to an AWS client. */
  readonly endpoint: string;
  /** The secrets themselves, for tests and tools in this process; calls on it are not counted as reads. */
  readonly store: SecretStore;
  /** How many times `GetSecretValue` was asked over HTTP, successful or not; of one stage when given. */
  reads(stage?: string): number;
  stop(): Promise<void>;
}

const secretId = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const optional = v.optional(v.pipe(v.string(), v.nonEmpty()));
const getValue = v.object({ SecretId: secretId, VersionId: optional, VersionStage: optional });
const describe = v.object({ SecretId: secretId });
const putValue = v.object({
  SecretId: secretId,
  ClientRequestToken: optional,
  SecretString: v.optional(v.pipe(v.string(), v.maxBytes(65_536))),
  SecretBinary: v.optional(v.string()),
  VersionStages: v.optional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(20))),
});
const updateStage = v.object({
  SecretId: secretId,
  VersionStage: v.pipe(v.string(), v.nonEmpty()),
  RemoveFromVersionId: optional,
  MoveToVersionId: optional,
});

/** Secrets Manager's wire protocol (AWS JSON 1.1) over a {@link SecretStore}, on the loopback interface. */
export async function startSecretsManager(
  options: { port?: number; now?: () => number } = {},
): Promise<SecretsManager> {
  const store = new SecretStore(options.now);
  const reads: string[] = [];
  const server: LoopbackServer = await serveOnLoopback(options.port ?? 0, async (request, response) => {
    try {
      const body = await readJson(request);
      const action = String(request.headers['x-amz-target'] ?? '').replace(/^secretsmanager\./, '');
      answer(response, 200, act(store, action, body, reads));
    } catch (error) {
      if (error instanceof SecretsManagerError) {
        answer(response, 400, { __type: error.type, Message: error.message });
      } else {
        answer(response, 500, { __type: 'InternalServiceError', Message: String(error) });
      }
    }
  });
  return {
    endpoint: server.origin,
    store,
    reads: (stage) => reads.filter((read) => stage === undefined || read === stage).length,
    stop: () => server.stop(),
  };
}

function act(store: SecretStore, action: string, body: unknown, reads: string[]): Record<string, unknown> {
  switch (action) {
    case 'GetSecretValue': {
      const ask = parse(getValue, body);
      reads.push(ask.VersionStage ?? 'AWSCURRENT');
      const found = store.get(ask.SecretId, { versionId: ask.VersionId, stage: ask.VersionStage });
      return { ...version(found), ...found.value, CreatedDate: seconds(found.createdAt) };
    }
    case 'PutSecretValue': {
      const ask = parse(putValue, body);
      return version(
        store.put(ask.SecretId, secretValue(ask), {
          ...(ask.ClientRequestToken !== undefined && { token: ask.ClientRequestToken }),
          ...(ask.VersionStages !== undefined && { stages: ask.VersionStages }),
        }),
      );
    }
    case 'DescribeSecret':
      return description(store.describe(parse(describe, body).SecretId));
    case 'ListSecrets':
      return { SecretList: store.list().map(description) };
    case 'UpdateSecretVersionStage': {
      const ask = parse(updateStage, body);
      const moved = store.moveStage(
        ask.SecretId,
        ask.VersionStage,
        ask.RemoveFromVersionId,
        ask.MoveToVersionId,
      );
      return { ARN: moved.arn, Name: moved.name };
    }
    default:
      throw new SecretsManagerError(
        'UnknownOperationException',
        `The operation '${action}' is not known here.`,
      );
  }
}

function version(stored: Stored): Record<string, unknown> {
  return { ARN: stored.arn, Name: stored.name, VersionId: stored.versionId, VersionStages: stored.stages };
}

function description(secret: ReturnType<SecretStore['describe']>): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    VersionIdsToStages: secret.versions,
  };
}

function secretValue(ask: v.InferOutput<typeof putValue>): SecretValue {
  if (ask.SecretString !== undefined && ask.SecretBinary === undefined)
    return { SecretString: ask.SecretString };
  if (ask.SecretBinary !== undefined && ask.SecretString === undefined)
    return { SecretBinary: ask.SecretBinary };
  throw new SecretsManagerError(
    'InvalidRequestException',
    ask.SecretString === undefined
      ? 'You must provide either SecretString or SecretBinary.'
      : "You can't specify both a binary secret value and a string secret value in the same secret.",
  );
}

function parse<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new SecretsManagerError(
    'ValidationException',
    `1 validation error detected: Value at '${v.getDotPath(issue)}' failed to satisfy constraint: ${issue.message}`,
  );
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  try {
    return JSON.parse(body);
  } catch {
    throw new SecretsManagerError('SerializationException', 'The request body is not JSON.');
  }
}

function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function answer(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
