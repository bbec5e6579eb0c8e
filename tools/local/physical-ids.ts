import { type Lookup, resolve } from './intrinsics.ts';

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

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const NAME_PROPERTIES = ['QueueName', 'FunctionName', 'StageName', 'ManagedPolicyName', 'Name'];

/** Names the resources as CloudFormation would: as the template says, or after the stack and the logical id. */
export function physicalIds(resources: Readonly<Record<string, Resource>>, place: Place): Lookup {
  const { region, stackName, sqsEndpoint, apiEndpoint } = place;
  const arn = (service: string, id: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${id}`;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': arn('cloudformation', `stack/${stackName}/local`),
  };
  const valuesOf = (id: string, type: string, name: string): Record<string, string> => {
    switch (type) {
      case 'AWS::SQS::Queue':
        return { Ref: `${sqsEndpoint}/${ACCOUNT}/${name}`, Arn: arn('sqs', name), QueueName: name };
      case 'AWS::SecretsManager::Secret':
        // The CDK takes the name out of the ARN and counts on the one hyphen that a generated name has.
        return { Ref: secretArn(`${id}-Local`, region) };
      case 'AWS::Lambda::Function':
        return { Ref: name, Arn: arn('lambda', `function:${name}`) };
      case 'AWS::ApiGatewayV2::Api':
        return { Ref: 'local', ApiEndpoint: apiEndpoint };
      case 'AWS::IAM::ManagedPolicy':
        return { Ref: `arn:aws:iam::${ACCOUNT}:policy/${name}` };
      default:
        return { Ref: name };
    }
  };
  const lookup: Lookup = (id, attribute = 'Ref') => {
    const resource = resources[id];
    if (resource === undefined) return attribute === 'Ref' ? pseudo[id] : undefined;
    const [name] = NAME_PROPERTIES.map((property) => resolve(resource.Properties[property], lookup)).filter(
      (found) => typeof found === 'string',
    );
    const generated = `${stackName}-${id}${resource.Properties.FifoQueue === true ? '.fifo' : ''}`;
    return valuesOf(id, resource.Type, name ?? generated)[attribute];
  };
  return lookup;
}

/** Six characters follow the name, as in AWS. */
export function secretArn(name: string, region: string): string {
  return `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-Local0`;
}

export function secretNameOf(id: string): string {
  return id.replace(/^.*:secret:(.*)-Local0$/, '$1');
}
