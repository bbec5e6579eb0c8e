import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../infra/options.ts';
import { CREDENTIALS, REGION, servicePorts } from './addresses.ts';
import { readAssembly, synthesize } from './assembly.ts';
import { type DeliveryRecord, toRecord } from './delivery-record.ts';
import { createDescription } from './description.ts';
import { startFunction } from './function.ts';
import { gateway } from './gateway.ts';
import { functionVariables } from './lambda-variables.ts';
import { serveOnLoopback } from './loopback.ts';
import { type BusEvent, startPipe } from './pipe.ts';
import { startSecretsManager } from './secrets-manager.ts';
import { startSqs } from './sqs.ts';
import { planStack, queueOf } from './template.ts';

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
  /** Answers requests on the webhook's port that are not for the webhook; false leaves one to it. */
  readonly beside?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The clock of Secrets Manager. */
  readonly now?: () => number;
  readonly onDelivery?: (record: DeliveryRecord) => void;
  /** Every event that a pipe puts onto the event bus (with the option `eventBus`). */
  readonly onBusEvent?: (event: BusEvent) => void;
  /** Every line that the function prints. */
  readonly onLog?: (line: string) => void;
}

export type LocalStack = Awaited<ReturnType<typeof startLocalStack>>;

/**
 * Runs the stack on this machine: the template that `cdk deploy` would ship decides what there is, the function is its
 * built bundle, and SQS and Secrets Manager are spoken to by their own protocols. Everything listens on 127.0.0.1.
 */
export async function startLocalStack(options: LocalStackOptions = {}) {
  const { port = 0, functionEndpoints = {}, onLog = () => {}, onDelivery = () => {} } = options;
  const ports = servicePorts(port);
  // Ends all of it in reverse, so that nothing loses what it still uses; also when a later step fails.
  await using started = new AsyncDisposableStack();

  // The ports first: a port in use should be told before seconds are spent on the synthesis.
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = await serveOnLoopback(port, (request, response) => listener(request, response));
  started.defer(server.stop);
  const { now = Date.now } = options;
  const secretsManager = await startSecretsManager({ port: ports.secretsManager, now });
  started.defer(secretsManager.stop);
  const sqs = await startSqs({ port: ports.sqs, region: REGION });
  started.defer(sqs.stop);

  let { assemblyDir } = options;
  if (assemblyDir === undefined) {
    const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
    started.defer(() => rm(directory, { recursive: true, force: true }));
    await synthesize(options.options ?? {}, directory);
    assemblyDir = directory;
  }
  const { stackName, template, assetDirectory } = readAssembly(assemblyDir);
  const plan = planStack(template, {
    region: REGION,
    stackName,
    sqsEndpoint: sqs.endpoint,
    apiEndpoint: server.origin,
  });
  const { outputs, route } = plan;
  const endpoints = { sqs: sqs.endpoint, secretsManager: secretsManager.endpoint };

  for (const queue of plan.queues) await sqs.createQueue(queue);
  const { name: secretName, arn, placeholder } = plan.secret;
  const generated = JSON.stringify({ [placeholder]: randomBytes(16).toString('hex') });
  secretsManager.store.create(secretName, arn, { SecretString: generated });
  const secret = options.secret === null ? undefined : (options.secret ?? randomUUID());
  if (secret !== undefined) secretsManager.store.put(secretName, { SecretString: secret });

  const description = createDescription({ stackName, region: REGION, endpoints, outputs });
  const lambda = await startFunction({
    code: assetDirectory(plan.function.codeKey),
    handler: plan.function.handler,
    functionArn: plan.function.arn,
    timeoutMs: plan.function.timeoutMs,
    variables: functionVariables(plan.function, REGION, {
      sqs: { direct: sqs.endpoint, used: functionEndpoints.sqs ?? sqs.endpoint },
      secretsManager: functionEndpoints.secretsManager ?? secretsManager.endpoint,
    }),
    ...(options.maxEnvironments !== undefined && { maxEnvironments: options.maxEnvironments }),
    onLog(line) {
      description.readLog(line);
      onLog(line);
    },
  });
  started.defer(lambda.stop);

  for (const planned of plan.pipes) {
    const pipe = startPipe(planned, sqs.endpoint, options.onBusEvent ?? (() => {}));
    started.defer(pipe.stop);
  }

  const api = gateway({
    route,
    invoke: lambda.invoke,
    throttle: options.throttle ?? false,
    onExchange: (exchange) => onDelivery(toRecord(exchange)),
  });
  const described = description.answer(api);
  const { beside = () => false } = options;
  listener = (request, response) => {
    if (!beside(request, response)) described(request, response);
  };

  const running = started.move();
  return {
    /** The webhook's whole URL. */
    url: `${server.origin}${route.stage === '$default' ? '' : `/${route.stage}`}${route.path}`,
    sqsEndpoint: sqs.endpoint,
    secretsEndpoint: secretsManager.endpoint,
    queues: {
      main: queueOf(plan, 'QueueUrl'),
      deadLetter: queueOf(plan, 'DeadLetterQueueUrl'),
      quarantine: queueOf(plan, 'QuarantineQueueUrl'),
    },
    sqs,
    secretsManager,
    /** Short for `secretsManager.store`. */
    secrets: secretsManager.store,
    secretName,
    /** The secret's value at the start; undefined when the placeholder stayed. */
    secret,
    function: lambda,
    outputs,
    /** For clients of the local services. */
    region: REGION,
    credentials: CREDENTIALS,
    stop: () => running.disposeAsync(),
  };
}
