import * as v from 'valibot';
import { CREDENTIALS, REGION } from './addresses.ts';
import { resolve } from './intrinsics.ts';
import { type Place, physicalIds, secretArn } from './physical-ids.ts';

const text = v.string(({ input }) => `expected a text, got ${JSON.stringify(input)}`);

const cloudFormation = v.object({
  Resources: v.record(
    text,
    v.object({ Type: text, Properties: v.optional(v.record(text, v.unknown()), {}) }),
  ),
  Outputs: v.optional(v.record(text, v.unknown()), {}),
});

const outputValues = v.record(
  text,
  v.pipe(
    v.object({ Value: text }),
    v.transform(({ Value }) => Value),
  ),
);

/** The name of an intrinsic function that could not be worked out begins with a capital letter. */
const policyName = v.pipe(text, v.regex(/^[a-z]/, 'expected the name of a property'));
/** As `CreateQueue` takes them. */
const queueAttributes = v.pipe(
  v.record(text, v.unknown()),
  v.transform(({ QueueName, Tags, ...attributes }) => attributes),
  v.record(
    text,
    v.union([
      v.pipe(v.union([text, v.number(), v.boolean()]), v.transform(String)),
      v.pipe(v.record(policyName, v.union([text, v.number(), v.array(text)])), v.stringifyJson()),
    ]),
  ),
);

const secret = v.object({ GenerateSecretString: v.object({ GenerateStringKey: text }) });

const lambda = v.object({
  Handler: text,
  Timeout: v.number(),
  MemorySize: v.number(),
  Environment: v.object({ Variables: v.record(text, text) }),
  LoggingConfig: v.object({
    LogFormat: v.literal('JSON', 'expected JSON, which is all that the local runtime logs'),
  }),
  Code: v.object({ S3Key: text }),
});

const route = v.object({
  RouteKey: v.pipe(
    text,
    v.regex(/^[A-Z]+ \/[^{}\s]*$/, 'expected a route "METHOD /path" without path variables'),
  ),
});
const integration = v.object({
  PayloadFormatVersion: v.literal('2.0', 'expected 2.0, which is all that the local gateway speaks'),
});
const stage = v.object({
  StageName: text,
  DefaultRouteSettings: v.object({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() }),
});

const pipe = v.object({
  Source: text,
  SourceParameters: v.object({ SqsQueueParameters: v.object({ BatchSize: v.number() }) }),
  TargetParameters: v.object({
    InputTemplate: text,
    EventBridgeEventBusParameters: v.object({ Source: text, DetailType: text }),
  }),
});

/** Everything that the local stack takes from the template. */
export type Plan = ReturnType<typeof planStack>;

/**
 * Reads a synthesized template as CloudFormation would, with the addresses of this machine.
 * @throws Error that names the place in the template that the local stack cannot carry out
 */
export function planStack(template: unknown, place: Place) {
  const { Resources, Outputs } = read(cloudFormation, template, 'template');
  const lookup = physicalIds(Resources, place);
  const all = <S extends v.GenericSchema>(type: string, schema: S) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties }]) => ({
        ref: lookup(id) ?? '',
        arn: lookup(id, 'Arn') ?? '',
        properties: read(schema, resolve(Properties, lookup), id),
      }));
  const only = <S extends v.GenericSchema>(type: string, schema: S) => {
    const [resource, ...others] = all(type, schema);
    if (resource !== undefined && others.length === 0) return resource;
    throw new Error(`template: expected one ${type}, got ${resource === undefined ? 'none' : 'several'}`);
  };

  const queues = all('AWS::SQS::Queue', queueAttributes).map(({ ref: url, arn, properties }) => {
    return { name: arn.split(':').at(-1) ?? '', url, arn, attributes: properties };
  });
  const [method = '', path = ''] = only('AWS::ApiGatewayV2::Route', route).properties.RouteKey.split(' ');
  only('AWS::ApiGatewayV2::Integration', integration);
  const { StageName, DefaultRouteSettings: limits } = only('AWS::ApiGatewayV2::Stage', stage).properties;
  const { ref: name, arn: functionArn, properties: settings } = only('AWS::Lambda::Function', lambda);
  const environment = settings.Environment.Variables;
  // With the option `secretName` the function has the name of an existing secret, and the stack has none.
  const [generated] = all('AWS::SecretsManager::Secret', secret);
  const secretName = environment.SECRET_ID?.replace(/^.*:secret:(.*)-Local0$/, '$1') ?? '';

  return {
    queues,
    secret: {
      name: secretName,
      arn: secretArn(secretName),
      /** The key of what CloudFormation generates. */
      placeholder: generated?.properties.GenerateSecretString.GenerateStringKey ?? 'placeholder',
    },
    function: {
      functionArn,
      /** `file.export`, as Lambda takes it. */
      handler: settings.Handler,
      timeoutMs: settings.Timeout * 1000,
      memoryMb: settings.MemorySize,
      /** Those of Lambda that somebody reads, those of the template, and the way to the local services. */
      variables: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_SESSION_TOKEN: 'local',
        AWS_REGION: REGION,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
        AWS_LAMBDA_LOG_LEVEL: 'INFO',
        ...environment,
        AWS_ENDPOINT_URL_SQS: place.functionEndpoints.sqs,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: place.functionEndpoints.secretsManager,
      },
      /** The key of the code in the bucket of assets: `<hash>.zip`. */
      codeKey: settings.Code.S3Key,
    },
    route: {
      method,
      path,
      stage: StageName,
      throttle: { rate: limits.ThrottlingRateLimit, burst: limits.ThrottlingBurstLimit },
    },
    /** From a queue to an event bus each. */
    pipes: all('AWS::Pipes::Pipe', pipe).map(({ properties }) => {
      const queueUrl = queues.find(({ arn }) => arn === properties.Source)?.url;
      return { ...properties.TargetParameters, ...properties.SourceParameters.SqsQueueParameters, queueUrl };
    }),
    outputs: read(outputValues, resolve(Outputs, lookup), 'Outputs'),
  };
}

/** The queue whose URL is put out under this name. */
export function queueOf({ queues, outputs }: Plan, output: string): Plan['queues'][number] {
  const queue = queues.find(({ url }) => url === outputs[output]);
  if (queue !== undefined) return queue;
  throw new Error(`expected a queue's URL as the output ${output}, got ${outputs[output]}`);
}

function read<S extends v.GenericSchema>(schema: S, value: unknown, path: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${path}.${v.getDotPath(issue)}: ${issue.message}`);
}
