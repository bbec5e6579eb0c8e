import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { serveOnLoopback } from './loopback.ts';
import { SecretStore, SecretsManagerError } from './secret-store.ts';

export type SecretsManager = Awaited<ReturnType<typeof startSecretsManager>>;

const required = v.pipe(v.string(), v.nonEmpty());
const get = v.object({ SecretId: required, VersionStage: v.optional(required, 'AWSCURRENT') });
const describe = v.object({ SecretId: required });
const put = v.object({
  SecretId: required,
  SecretString: v.pipe(v.string(), v.maxBytes(65_536)),
  VersionStages: v.optional(v.array(required), ['AWSCURRENT']),
});
const move = v.object({
  SecretId: required,
  VersionStage: required,
  RemoveFromVersionId: v.optional(required),
  MoveToVersionId: v.optional(required),
});

/** Secrets Manager's protocol (AWS JSON 1.1), as far as this project speaks it, on the loopback interface. */
export async function startSecretsManager(options: { port?: number; now?: () => number } = {}) {
  const store = new SecretStore(options.now);
  const reads: string[] = [];

  const carryOut = (action: string, body: unknown): object => {
    switch (action) {
      case 'GetSecretValue': {
        const { SecretId, VersionStage: stage } = v.parse(get, body);
        reads.push(stage);
        const { versionId, value, createdAt } = store.get(SecretId, { stage });
        return { VersionId: versionId, ...value, CreatedDate: createdAt / 1000 };
      }
      case 'DescribeSecret':
        return { Name: store.describe(v.parse(describe, body).SecretId).name };
      case 'PutSecretValue': {
        const { SecretId, SecretString, VersionStages: stages } = v.parse(put, body);
        return { VersionId: store.put(SecretId, { SecretString }, { stages }).versionId };
      }
      case 'UpdateSecretVersionStage': {
        const { SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId } = v.parse(move, body);
        store.moveStage(SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId);
        return {};
      }
      default:
        throw new SecretsManagerError('UnknownOperationException', `${action} is not known here.`);
    }
  };

  const { origin, stop } = await serveOnLoopback(options.port ?? 0, async (request, response) => {
    const [, action = ''] = String(request.headers['x-amz-target']).split('.');
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    try {
      response.end(JSON.stringify(carryOut(action, JSON.parse(await text(request)))));
    } catch (error) {
      const type = error instanceof SecretsManagerError ? error.name : 'ValidationException';
      const Message = error instanceof Error ? error.message : String(error);
      response.writeHead(400).end(JSON.stringify({ __type: type, Message }));
    }
  });
  return {
    /** For an AWS client. */
    endpoint: origin,
    /** For tests and tools in this process; what they read here is not counted. */
    store,
    /** How many times a client read a version, successfully or not; the one with this label when given. */
    reads: (stage?: string) => reads.filter((read) => stage === undefined || read === stage).length,
    stop,
  };
}
