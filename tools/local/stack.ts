import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../infra/options.ts';
import { CREDENTIALS, REGION, servicePorts } from './addresses.ts';
import { readAssembly, synthesize } from './assembly.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { toRecord } from './delivery-record.ts';
import { describing } from './description.ts';
import type { LocalFunction } from './function.ts';
import { startFunction } from './function.ts';
import { gateway } from './gateway.ts';
import { createInitialSecret } from './initial-secret.ts';
import { createInspector } from './inspector/inspector.ts';
import { functionVariables } from './lambda-variables.ts';
import { createLatest } from './latest.ts';
import { serveOnLoopback } from './loopback.ts';
import { type BusEvent, startPipe } from './pipe.ts';
import type { Plan, PlannedQueue } from './plan.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsManager } from './secrets-manager.ts';
import { startSecretsManager } from './secrets-manager.ts';
import type { LocalSqs } from './sqs.ts';
import { startSqs } from './sqs.ts';
import { planStack } from './template.ts';

export interface LocalStackOptions {
  /** Port of the webhook; Secrets Manager and SQS take the next two. 0 (when left out): three free ports. */
  readonly port?: number;
  /** What the stack is synthesized with. */
  readonly options?: Options;
  /** A synthesized assembly to run; without it the stack is synthesized here. */
  readonly assemblyDir?: string;
  /** The secret's value; made up when left out, and with null the placeholder of a fresh stack stays. */
  readonly secret?: string | null;
  /** How many environments of the function may live at a time; 4 when left out. */
  readonly maxEnvironments?: number;
  /** Where the function reaches the services, if not directly: a proxy in between. */
  readonly functionEndpoints?: { readonly sqs?: string; readonly secretsManager?: string };
  /** Applies the route's throttling; off when left out. */
  readonly throttle?: boolean;
  /** Serves a page at `/` of the webhook's port that shows what happens; off when left out. */
  readonly inspector?: boolean;
  /** The clock of Secrets Manager. */
  readonly now?: () => number;
  readonly onDelivery?: (record: DeliveryRecord) => void;
  /** Every event that a pipe puts onto the event bus (with the option `eventBus`). */
  readonly onBusEvent?: (event: BusEvent) => void;
  /** Every line that the function prints. */
  readonly onLog?: (line: string) => void;
}

export interface LocalStack {
  /** The webhook's whole URL. */
  readonly url: string;
  /** Where the inspector's page is, when there is one. */
  readonly inspectorUrl: string | undefined;
  readonly sqsEndpoint: string;
  readonly secretsEndpoint: string;
  readonly queues: {
    readonly main: PlannedQueue;
    readonly deadLetter: PlannedQueue;
    readonly quarantine: PlannedQueue;
  };
  readonly sqs: LocalSqs;
  readonly secretsManager: SecretsManager;
  /** Short for `secretsManager.store`. */
  readonly secrets: SecretStore;
  readonly secretName: string;
  /** The secret's value at the start; undefined when the placeholder stayed. */
  readonly secret: string | undefined;
  readonly function: LocalFunction;
  readonly outputs: Readonly<Record<string, string>>;
  /** For clients of the local services. */
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

/**
 * Runs the stack on this machine: the template that `cdk deploy` would ship decides what there is, the function is its
 * built bundle, and SQS and Secrets Manager are spoken to by their own protocols. Everything listens on 127.0.0.1.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const cleanUp: (() => Promise<unknown>)[] = [];
  // Backwards, so that nothing loses what it still uses.
  const stop = async () => {
    for (const end of cleanUp.splice(0).reverse()) await end();
  };
  try {
    return await start(options, cleanUp, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalStackOptions,
  cleanUp: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<LocalStack> {
  const { port = 0 } = options;
  const ports = servicePorts(port);

  // The ports first: a port in use should be told before seconds are spent on the synthesis.
  let listener: ReturnType<typeof gateway> = (_request, response) => response.writeHead(503).end();
  const server = await serveOnLoopback(port, (request, response) => listener(request, response));
  cleanUp.push(() => server.stop());
  const secretsManager = await startSecretsManager({
    port: ports.secretsManager,
    ...(options.now && { now: options.now }),
  });
  cleanUp.push(() => secretsManager.stop());
  const sqs = await startSqs({ port: ports.sqs, region: REGION });
  cleanUp.push(() => sqs.stop());

  const assembly = await readAssembly(options.assemblyDir ?? (await freshAssembly(options, cleanUp)));
  const plan = planStack(assembly.template, {
    region: REGION,
    stackName: assembly.stackName,
    sqsEndpoint: sqs.endpoint,
    apiEndpoint: server.origin,
  });

  for (const queue of plan.queues) await sqs.createQueue(queue);
  const { name: secretName, arn } = createInitialSecret(secretsManager.store, plan);
  const secret = options.secret === null ? undefined : (options.secret ?? randomUUID());
  if (secret !== undefined) secretsManager.store.put(arn, { SecretString: secret });

  const stage = plan.route.stage === '$default' ? '' : `/${plan.route.stage}`;
  const parts = {
    url: `${server.origin}${stage}${plan.route.path}`,
    sqsEndpoint: sqs.endpoint,
    secretsEndpoint: secretsManager.endpoint,
    queues: {
      main: queueOf(plan, 'QueueUrl'),
      deadLetter: queueOf(plan, 'DeadLetterQueueUrl'),
      quarantine: queueOf(plan, 'QuarantineQueueUrl'),
    },
    sqs,
    secrets: secretsManager.store,
    secretName,
    outputs: plan.outputs,
    region: REGION,
  };
  const inspector = options.inspector ? await createInspector(parts) : undefined;
  cleanUp.push(async () => inspector?.stop());

  const latest = createLatest();
  const lambda = await startFunction({
    code: assembly.assetDirectory(plan.function.codeKey),
    handler: plan.function.handler,
    functionArn: plan.function.arn,
    timeoutMs: plan.function.timeoutMs,
    variables: functionVariables(plan.function, REGION, {
      sqs: { direct: sqs.endpoint, used: options.functionEndpoints?.sqs ?? sqs.endpoint },
      secretsManager: options.functionEndpoints?.secretsManager ?? secretsManager.endpoint,
    }),
    ...(options.maxEnvironments !== undefined && { maxEnvironments: options.maxEnvironments }),
    onLog(line) {
      inspector?.logged(line);
      latest.read(line);
      options.onLog?.(line);
    },
  });
  cleanUp.push(() => lambda.stop());

  for (const planned of plan.pipes) {
    const pipe = startPipe(planned, sqs.endpoint, options.onBusEvent ?? (() => {}));
    cleanUp.push(() => pipe.stop());
  }

  const api = gateway({
    route: plan.route,
    invoke: lambda.invoke,
    throttle: options.throttle ?? false,
    onExchange(exchange) {
      const record = toRecord(exchange);
      inspector?.delivered(record);
      options.onDelivery?.(record);
    },
  });
  const endpoints = { sqs: sqs.endpoint, secretsManager: secretsManager.endpoint };
  const { stackName } = assembly;
  const described = describing(
    () => ({ stackName, region: REGION, endpoints, outputs: plan.outputs, latest: latest.seen() }),
    api,
  );
  listener = (request, response) => {
    if (!inspector?.answer(request, response)) described(request, response);
  };

  return {
    ...parts,
    inspectorUrl: inspector && `${server.origin}/`,
    secretsManager,
    secret,
    function: lambda,
    credentials: CREDENTIALS,
    stop,
  };
}

async function freshAssembly(
  options: LocalStackOptions,
  cleanUp: (() => Promise<unknown>)[],
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
  cleanUp.push(() => rm(directory, { recursive: true, force: true }));
  await synthesize(options.options ?? {}, directory);
  return directory;
}

function queueOf(plan: Plan, output: string): PlannedQueue {
  const queue = plan.queues.find(({ url }) => url === plan.outputs[output]);
  if (queue !== undefined) return queue;
  throw new Error(
    `expected an output ${output} with the URL of a queue of the stack, got ${plan.outputs[output]}`,
  );
}
