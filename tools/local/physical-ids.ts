import { REGION } from './addresses.ts';
import { type Lookup, resolve } from './intrinsics.ts';

/** The account that the local SQS puts into its ARNs, so that every ARN of the local stack agrees. */
export const ACCOUNT = '000000000000';

export interface Place {
  readonly stackName: string;
  /** Where SQS answers, e.g. `http://127.0.0.1:3002`. */
  readonly sqsEndpoint: string;
  /** Where the HTTP API answers, e.g. `http://127.0.0.1:3000`. */
  readonly apiEndpoint: string;
  /** Where the function reaches the services: there, or a proxy in between. */
  readonly functionEndpoints: { readonly sqs: string; readonly secretsManager: string };
}

type Resources = Readonly<Record<string, { Type: string; Properties: Readonly<Record<string, unknown>> }>>;

const arn = (service: string, id: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${id}`;

/** Six characters follow the name, as in AWS. */
export const secretArn = (name: string) => arn('secretsmanager', `secret:${name}-Local0`);

/** Names the resources as CloudFormation would: as the template says, or after the stack and the logical id. */
export function physicalIds(resources: Resources, { stackName, sqsEndpoint, apiEndpoint }: Place): Lookup {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::StackId': arn('cloudformation', `stack/${stackName}/local`),
  };
  /** What differs from a type whose `Ref` is the name. */
  const values: Readonly<Record<string, (name: string, id: string) => Record<string, string>>> = {
    'AWS::SQS::Queue': (name) => ({ Ref: `${sqsEndpoint}/${ACCOUNT}/${name}`, Arn: arn('sqs', name) }),
    // The CDK takes the name out of the ARN and counts on the one hyphen that a generated name has.
    'AWS::SecretsManager::Secret': (_name, id) => ({ Ref: secretArn(`${id}-Local`) }),
    'AWS::Lambda::Function': (name) => ({ Arn: arn('lambda', `function:${name}`) }),
    'AWS::ApiGatewayV2::Api': () => ({ ApiEndpoint: apiEndpoint }),
    'AWS::IAM::ManagedPolicy': (name) => ({ Ref: `arn:aws:iam::${ACCOUNT}:policy/${name}` }),
  };
  const lookup: Lookup = (id, attribute = 'Ref') => {
    const resource = resources[id];
    if (resource === undefined) return attribute === 'Ref' ? pseudo[id] : undefined;
    const { Type, Properties } = resource;
    const given = resolve(Properties.QueueName ?? Properties.Name, lookup);
    const generated = `${stackName}-${id}${Properties.FifoQueue === true ? '.fifo' : ''}`;
    const name = typeof given === 'string' ? given : generated;
    return { Ref: name, ...values[Type]?.(name, id) }[attribute];
  };
  return lookup;
}
