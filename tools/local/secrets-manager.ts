import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { serveOnLoopback } from './loopback.ts';
import { createSecretStore, SecretsManagerError } from './secret-store.ts';

export type SecretsManager = Awaited<ReturnType<typeof startSecretsManager>>;

const required = v.pipe(v.string(), v.nonEmpty());
const secretString = v.pipe(v.string(), v.maxBytes(65_536));
/** Of all actions; each reads what is its own. */
const parameters = v.object({
  SecretId: required,
  SecretString: v.optional(v.string()),
  VersionStage: v.optional(required, 'AWSCURRENT'),
  VersionStages: v.optional(v.array(required)),
  RemoveFromVersionId: v.optional(required),
  MoveToVersionId: v.optional(required),
});

/** Secrets Manager's protocol (AWS JSON 1.1), as far as this project speaks it, on the loopback interface. */
export async function startSecretsManager(options: { port?: number; now?: () => number } = {}) {
  const store = createSecretStore(options.now);
  const reads: string[] = [];

  const actions: Readonly<Record<string, (given: v.InferOutput<typeof parameters>) => object>> = {
    GetSecretValue({ SecretId, VersionStage: stage }) {
      reads.push(stage);
      const { versionId, value, createdAt } = store.get(SecretId, { stage });
      return { VersionId: versionId, ...value, CreatedDate: createdAt / 1000 };
    },
    DescribeSecret: ({ SecretId }) => ({ Name: store.describe(SecretId).name }),
    PutSecretValue({ SecretId, SecretString, VersionStages: stages }) {
      const value = { SecretString: v.parse(secretString, SecretString) };
      return { VersionId: store.put(SecretId, value, { stages }).versionId };
    },
    UpdateSecretVersionStage({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }) {
      store.moveStage(SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId);
      return {};
    },
  };
  function carryOut(action: string, body: unknown): object {
    const act = actions[action];
    if (act !== undefined) return act(v.parse(parameters, body));
    throw new SecretsManagerError('UnknownOperationException', `${action} is not known here.`);
  }

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
