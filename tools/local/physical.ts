import { type Lookup, type Resource, resolveText } from './intrinsics.ts';

/** The account that the local SQS puts into its ARNs, so that every ARN of the local stack agrees. */
export const ACCOUNT = '000000000000';

export interface Place {
  readonly region: string;
  readonly stackName: string;
  /** Where SQS answers, e.g. `http://127.0.0.1:3002`. */
  readonly sqsEndpoint: string;
  /** Where the HTTP API answers, e.g. `http://127.0.0.1:3000`. */
  readonly apiEndpoint: string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

type Name = string | undefined;
type Physical = (
  logicalId: string,
  name: Name,
  place: Place,
  properties: TemplateResource['Properties'],
) => Omit<Resource, 'type'>;

/** How CloudFormation names what it creates; a name given in the template wins over a generated one. */
const physical: Readonly<Record<string, { nameProperty: string; create: Physical }>> = {
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    create: (id, name, place, { FifoQueue: isFifo }) => {
      const suffix = isFifo === true ? '.fifo' : '';
      const queueName = name ?? `${place.stackName}-${id}`.slice(-75) + suffix;
      const attributes = { Arn: arn(place, 'sqs', queueName), QueueName: queueName };
      const url = `${place.sqsEndpoint}/${ACCOUNT}/${queueName}`;
      return { ref: url, attributes: { ...attributes, QueueUrl: url } };
    },
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    create: (id, name, place) => {
      // The CDK takes the name out of the ARN and counts on the hyphen that a generated name has.
      const ref = arn(place, 'secretsmanager', `secret:${name ?? `${id}-Local`}-Local0`);
      return { ref, attributes: { Id: ref } };
    },
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    create: (id, name, place) => {
      const functionName = name ?? `${place.stackName}-${id}`.slice(-64);
      return { ref: functionName, attributes: { Arn: arn(place, 'lambda', `function:${functionName}`) } };
    },
  },
  'AWS::ApiGatewayV2::Api': {
    nameProperty: '',
    create: (_id, _name, place) => ({
      ref: 'local',
      attributes: { ApiId: 'local', ApiEndpoint: place.apiEndpoint },
    }),
  },
  'AWS::ApiGatewayV2::Integration': { nameProperty: '', create: (id) => ({ ref: id, attributes: {} }) },
  'AWS::ApiGatewayV2::Stage': {
    nameProperty: 'StageName',
    create: (id, name) => ({ ref: name ?? id, attributes: {} }),
  },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    create: (id, name, place) => ({
      ref: name ?? id,
      attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${name ?? id}`, RoleId: `AROA${place.stackName}` },
    }),
  },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    create: (id, name) => ({ ref: `arn:aws:iam::${ACCOUNT}:policy/${name ?? id}`, attributes: {} }),
  },
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    create: (id, name, place) => ({
      ref: name ?? id,
      attributes: { Name: name ?? id, Arn: arn(place, 'events', `event-bus/${name ?? id}`) },
    }),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    create: (id, name, place) => {
      const logGroup = name ?? `${place.stackName}-${id}`;
      return { ref: logGroup, attributes: { Arn: `${arn(place, 'logs', `log-group:${logGroup}`)}:*` } };
    },
  },
  'AWS::SSM::Parameter': {
    nameProperty: 'Name',
    create: (id, name) => ({ ref: name ?? id, attributes: {} }),
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    create: (id, name, place) => ({
      ref: arn(place, 'sns', name ?? id),
      attributes: { TopicName: name ?? id },
    }),
  },
};

/** Finds what a logical id or a pseudo parameter stands for on this machine, creating nothing. */
export function physicalIds(resources: Readonly<Record<string, TemplateResource>>, place: Place): Lookup {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${ACCOUNT}:stack/${place.stackName}/local`,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const lookup: Lookup = (logicalId) => {
    const value = pseudo[logicalId];
    if (value !== undefined) return { type: 'pseudo parameter', ref: value, attributes: {} };
    const resource = resources[logicalId];
    const kind = resource === undefined ? undefined : physical[resource.Type];
    if (resource === undefined || kind === undefined) return undefined;
    const given = resource.Properties[kind.nameProperty];
    const name =
      given === undefined ? undefined : resolveText(given, lookup, `${logicalId}.${kind.nameProperty}`);
    return { type: resource.Type, ...kind.create(logicalId, name, place, resource.Properties) };
  };
  return lookup;
}

function arn(place: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${place.region}:${ACCOUNT}:${resource}`;
}
