import * as v from 'valibot';
import { resolve } from './intrinsics.ts';
import { type Place, physicalIds, secretArn } from './physical-ids.ts';
import * as properties from './template-properties.ts';

/** Everything that the local stack takes from the template. */
export type Plan = ReturnType<typeof planStack>;

/**
 * Reads a synthesized template as CloudFormation would, with the addresses of this machine.
 * @throws Error that names the place in the template that the local stack cannot carry out
 */
export function planStack(template: unknown, place: Place) {
  const { Resources, Outputs } = read(properties.template, template, 'template');
  const lookup = physicalIds(Resources, place);
  const idsOf = (type: string) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type);
  const propertiesOf = <S extends v.GenericSchema>(id: string, of: S) =>
    read(of, resolve(Resources[id]?.Properties, lookup), id);
  const only = (type: string, fits: (id: string) => boolean = () => true): string => {
    const [id, ...others] = idsOf(type).filter(fits);
    if (id !== undefined && others.length === 0) return id;
    throw new Error(`template: expected one fitting ${type}, got ${id === undefined ? 'none' : 'several'}`);
  };

  const queues = idsOf('AWS::SQS::Queue').map((id) => {
    const arn = lookup(id, 'Arn') ?? '';
    const name = arn.split(':').at(-1) ?? '';
    /** As `CreateQueue` takes them. */
    const attributes = propertiesOf(id, properties.queue);
    return { name, url: lookup(id) ?? '', arn, attributes };
  });

  const route = propertiesOf(only('AWS::ApiGatewayV2::Route'), properties.route);
  const [method = '', path = ''] = route.RouteKey.split(' ');
  const isTarget = (id: string) => route.Target === `integrations/${lookup(id)}`;
  const integration = propertiesOf(only('AWS::ApiGatewayV2::Integration', isTarget), properties.integration);
  const stage = propertiesOf(only('AWS::ApiGatewayV2::Stage'), properties.stage);
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = stage.DefaultRouteSettings;

  const isCalled = (id: string) => lookup(id, 'Arn') === integration.IntegrationUri;
  const lambdaId = only('AWS::Lambda::Function', isCalled);
  const lambda = propertiesOf(lambdaId, properties.lambda);

  // With the option `secretName` the function has the name of an existing secret, and the stack has none.
  const secretName = lambda.Environment.Variables.SECRET_ID?.replace(/^.*:secret:(.*)-Local0$/, '$1') ?? '';
  const [secretId] = idsOf('AWS::SecretsManager::Secret');
  const secret = secretId === undefined ? undefined : propertiesOf(secretId, properties.secret);

  return {
    queues,
    secret: {
      name: secretName,
      arn: secretArn(secretName, place.region),
      /** The key of what CloudFormation generates. */
      placeholder: secret?.GenerateSecretString.GenerateStringKey ?? 'placeholder',
    },
    function: {
      name: lookup(lambdaId) ?? '',
      arn: lookup(lambdaId, 'Arn') ?? '',
      /** `file.export`, as Lambda takes it. */
      handler: lambda.Handler,
      timeoutMs: lambda.Timeout * 1000,
      memoryMb: lambda.MemorySize,
      environment: lambda.Environment.Variables,
      logging: { format: lambda.LoggingConfig.LogFormat, level: lambda.LoggingConfig.ApplicationLogLevel },
      /** The key of the code in the bucket of assets: `<hash>.zip`. */
      codeKey: lambda.Code.S3Key,
    },
    route: { method, path, stage: stage.StageName, throttle: { rate, burst } },
    /** From a queue to an event bus each. */
    pipes: idsOf('AWS::Pipes::Pipe').map((id) => {
      const { Source, SourceParameters, TargetParameters } = propertiesOf(id, properties.pipe);
      return {
        queueUrl: lookup(only('AWS::SQS::Queue', (queue) => lookup(queue, 'Arn') === Source)) ?? '',
        batchSize: SourceParameters.SqsQueueParameters.BatchSize,
        inputTemplate: TargetParameters.InputTemplate,
        source: TargetParameters.EventBridgeEventBusParameters.Source,
        detailType: TargetParameters.EventBridgeEventBusParameters.DetailType,
      };
    }),
    outputs: read(properties.outputs, resolve(Outputs, lookup), 'Outputs'),
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
