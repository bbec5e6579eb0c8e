import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../infra/options.ts';
import { readAssembly, synthesize } from './assembly.ts';
import { type DeliveryRecord, toRecord } from './delivery-record.ts';
import { createDescription } from './description.ts';
import { startFunction } from './function.ts';
import { gateway } from './gateway.ts';
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
  const { port = 0, onBusEvent = () => {} } = options;
  // Ends all of it in reverse, so that nothing loses what it still uses; also when a later step fails.
  await using started = new AsyncDisposableStack();

  // The ports first: a port in use should be told before seconds are spent on the synthesis.
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = await serveOnLoopback(port, (request, response) => listener(request, response));
  started.defer(server.stop);
  const secretsManager = await startSecretsManager({ port: port === 0 ? 0 : port + 1 });
  started.defer(secretsManager.stop);
  const sqs = await startSqs(port === 0 ? 0 : port + 2);
  started.defer(sqs.stop);
  const endpoints = { sqs: sqs.endpoint, secretsManager: secretsManager.endpoint };

  let { assemblyDir } = options;
  if (assemblyDir === undefined) {
    const directory = await mkdtemp(join(tmpdir(), 'local-stack-'));
    started.defer(() => rm(directory, { recursive: true, force: true }));
    await synthesize(options.options ?? {}, directory);
    assemblyDir = directory;
  }
  const { stackName, template, assetDirectory } = readAssembly(assemblyDir);
  const plan = planStack(template, {
    stackName,
    sqsEndpoint: sqs.endpoint,
    apiEndpoint: server.origin,
    functionEndpoints: { ...endpoints, ...options.functionEndpoints },
  });
  const { outputs, route } = plan;

  for (const queue of plan.queues) await sqs.createQueue(queue);
  const { store } = secretsManager;
  const { name: secretName, arn, placeholder } = plan.secret;
  store.create(secretName, arn, {
    SecretString: JSON.stringify({ [placeholder]: randomBytes(16).toString('hex') }),
  });
  const secret = options.secret === null ? undefined : (options.secret ?? randomUUID());
  if (secret !== undefined) store.put(secretName, { SecretString: secret });

  const description = createDescription({ stackName, endpoints, outputs });
  const lambda = await startFunction({
    ...plan.function,
    code: assetDirectory(plan.function.codeKey),
    maxEnvironments: options.maxEnvironments,
    onLog(line) {
      description.readLog(line);
      options.onLog?.(line);
    },
  });
  started.defer(lambda.stop);

  for (const planned of plan.pipes) started.defer(startPipe(planned, sqs.endpoint, onBusEvent).stop);

  const api = gateway({
    route,
    invoke: lambda.invoke,
    throttle: options.throttle,
    onExchange: (exchange) => options.onDelivery?.(toRecord(exchange)),
  });
  listener = (request, response) => {
    const isAnswered = options.beside?.(request, response) || description.answer(request, response);
    if (!isAnswered) api(request, response);
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
    secrets: store,
    secretName,
    /** The secret's value at the start; undefined when the placeholder stayed. */
    secret,
    function: lambda,
    outputs,
    stop: () => running.disposeAsync(),
  };
}
