import * as v from 'valibot';
import type { Lookup } from './intrinsics.ts';
import { resolve, resolveText } from './intrinsics.ts';
import { parseAt } from './parse-at.ts';
import type { Place } from './physical.ts';
import { physicalIds } from './physical.ts';
import type { Plan, PlannedFunction, PlannedPipe, PlannedRoute } from './plan.ts';

const properties = v.optional(v.record(v.string(), v.unknown()), {});
const schema = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string(), Properties: properties })),
  Outputs: v.optional(v.record(v.string(), v.object({ Value: v.unknown() })), {}),
});

const generated = v.object({ SecretStringTemplate: v.string(), GenerateStringKey: v.string() });
const routeKey = v.pipe(
  v.string(),
  v.regex(/^[A-Z]+ \/[^{}\s]*$/, 'expected a route "METHOD /path" without path variables'),
);
const limits = v.object({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() });

const pipeSource = v.object({ SqsQueueParameters: v.object({ BatchSize: v.number() }) });
const pipeTarget = v.object({
  InputTemplate: v.string(),
  EventBridgeEventBusParameters: v.object({ Source: v.string(), DetailType: v.string() }),
});

/** What `CreateQueue` knows of the properties of `AWS::SQS::Queue`; the rest names, tags or locks the queue. */
const queueAttributes = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

/**
 * Reads a synthesized template as CloudFormation would, with the addresses of this machine.
 * @throws Error that names the place in the template that the local stack cannot carry out.
 */
export function planStack(template: unknown, place: Place): Plan {
  const { Resources, Outputs } = parseAt(schema, template, 'template');
  const lookup = physicalIds(Resources, place);
  const find = (type: string) => finder(Resources, lookup, type);
  const one = (type: string, matches: (resource: Found) => boolean = () => true) => {
    const found = find(type).filter(matches);
    if (found[0] !== undefined && found.length === 1) return found[0];
    throw new Error(`template: expected one fitting ${type}, got ${found.length}`);
  };

  const route = one('AWS::ApiGatewayV2::Route');
  const target = route.text('Target').replace(/^integrations\//, '');
  const integration = one('AWS::ApiGatewayV2::Integration', ({ id }) => id === target);
  if (integration.text('PayloadFormatVersion') !== '2.0') {
    throw new Error(
      `${integration.id}.PayloadFormatVersion: expected 2.0, which is all the local gateway speaks`,
    );
  }
  const uri = integration.text('IntegrationUri');
  const lambda = one('AWS::Lambda::Function', ({ arn }) => uri === arn || uri.includes(`/${arn}/`));

  return {
    queues: find('AWS::SQS::Queue').map((queue) => ({
      name: queue.attribute('QueueName'),
      url: queue.ref,
      arn: queue.arn,
      attributes: Object.fromEntries(
        queueAttributes
          .map((key): [string, unknown] => [key, queue.value(key)])
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
      ),
    })),
    secrets: find('AWS::SecretsManager::Secret').map((secret) => {
      const generate = v.safeParse(generated, secret.value('GenerateSecretString'));
      return {
        name: secret.ref.replace(/^.*:secret:/, '').replace(/-[^-]{6}$/, ''),
        arn: secret.ref,
        generate: generate.success
          ? { template: generate.output.SecretStringTemplate, key: generate.output.GenerateStringKey }
          : undefined,
      };
    }),
    function: plannedFunction(lambda),
    pipes: find('AWS::Pipes::Pipe').map((pipe) => plannedPipe(pipe, find('AWS::SQS::Queue'))),
    route: plannedRoute(route, integration, one('AWS::ApiGatewayV2::Stage')),
    outputs: Object.fromEntries(
      Object.entries(Outputs).map(([name, { Value }]) => [
        name,
        resolveText(Value, lookup, `Outputs.${name}`),
      ]),
    ),
  };
}

interface Found {
  readonly id: string;
  readonly ref: string;
  readonly arn: string;
  attribute(name: string): string;
  value(property: string): unknown;
  text(property: string): string;
}

function finder(resources: v.InferOutput<typeof schema>['Resources'], lookup: Lookup, type: string): Found[] {
  return Object.entries(resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, { Properties }]) => {
      const attribute = (name: string) => lookup(id)?.attributes[name] ?? '';
      const path = (property: string) => `${id}.${property}`;
      return {
        id,
        ref: lookup(id)?.ref ?? id,
        arn: attribute('Arn'),
        attribute,
        value: (property) => resolve(Properties[property], lookup, path(property)),
        text: (property) => resolveText(Properties[property], lookup, path(property)),
      };
    });
}

function plannedFunction(lambda: Found): PlannedFunction {
  const code = v.object({ S3Key: v.string() });
  const variables = v.object({ Variables: v.optional(v.record(v.string(), v.string()), {}) });
  const logging = v.object({
    LogFormat: v.optional(v.string(), 'Text'),
    ApplicationLogLevel: v.optional(v.string()),
  });
  const part = <S extends v.GenericSchema>(partSchema: S, property: string, missing?: unknown) =>
    parseAt(partSchema, lambda.value(property) ?? missing, `${lambda.id}.${property}`);
  const { LogFormat, ApplicationLogLevel } = part(logging, 'LoggingConfig', {});
  return {
    name: lambda.ref,
    arn: lambda.arn,
    handler: lambda.text('Handler'),
    timeoutMs: part(v.number(), 'Timeout', 3) * 1000,
    memoryMb: part(v.number(), 'MemorySize', 128),
    environment: part(variables, 'Environment', {}).Variables,
    logging: { format: LogFormat, level: ApplicationLogLevel },
    codeKey: part(code, 'Code').S3Key,
  };
}

function plannedPipe(pipe: Found, queues: readonly Found[]): PlannedPipe {
  const source = parseAt(pipeSource, pipe.value('SourceParameters'), `${pipe.id}.SourceParameters`);
  const target = parseAt(pipeTarget, pipe.value('TargetParameters'), `${pipe.id}.TargetParameters`);
  const queue = queues.find(({ arn }) => arn === pipe.text('Source'));
  if (queue === undefined)
    throw new Error(`${pipe.id}.Source: expected a queue of the stack, got another source`);
  return {
    queueUrl: queue.ref,
    batchSize: source.SqsQueueParameters.BatchSize,
    inputTemplate: target.InputTemplate,
    source: target.EventBridgeEventBusParameters.Source,
    detailType: target.EventBridgeEventBusParameters.DetailType,
  };
}

function plannedRoute(route: Found, integration: Found, stage: Found): PlannedRoute {
  const [method = '', path = ''] = parseAt(routeKey, route.value('RouteKey'), `${route.id}.RouteKey`).split(
    ' ',
  );
  const throttle = v.safeParse(limits, stage.value('DefaultRouteSettings'));
  return {
    method,
    path,
    stage: stage.text('StageName'),
    integrationTimeoutMs: parseAt(v.number(), integration.value('TimeoutInMillis') ?? 30_000, integration.id),
    throttle: throttle.success
      ? { rate: throttle.output.ThrottlingRateLimit, burst: throttle.output.ThrottlingBurstLimit }
      : undefined,
  };
}
