import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift } from '../stack.ts';
import { bad, type Examination, good, unchecked } from './finding.ts';
import { resourcesOf } from './resources.ts';

const properties = v.object({
  KmsMasterKeyId: v.optional(v.unknown()),
  SqsManagedSseEnabled: v.optional(v.unknown()),
});
const template = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ Resources: v.record(v.string(), v.looseObject({ Properties: v.optional(properties, {}) })) }),
);

/** A key that the template refers to; what it refers to is not resolved. */
const SOME_KEY = 'a KMS key';

/** Whether each queue is encrypted as the stack's template says: CloudFormation may have left an old setting. */
export async function checkEncryption({ stack: { name }, queues, report }: Examination): Promise<void> {
  const client = new CloudFormationClient(AWS_CLIENT);
  const resources = await resourcesOf(name);
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: name }));
  const { Resources } = v.parse(template, TemplateBody);
  const own = queues.flatMap((queue) => {
    const resource = resources.find(({ PhysicalResourceId }) => PhysicalResourceId === queue.url);
    const { Properties } = Resources[resource?.LogicalResourceId ?? ''] ?? {};
    return Properties === undefined ? [] : [{ url: queue.url, is: wayOf(queue), want: wayOf(Properties) }];
  });
  if (own.length === 0) {
    return report(unchecked('Encryption: not checked, the queues are not resources of the stack'));
  }
  const wrong = own.filter(({ want, is }) => (want === SOME_KEY ? !is.startsWith('the key ') : want !== is));
  const [first] = wrong;
  if (first !== undefined) {
    const what = `${wrong.length} of ${own.length} queues not as the template says, ${first.url} by ${first.is} and not by ${first.want}`;
    return report(bad(`Encryption: ${what}`, revertDrift({ name })));
  }
  const ways = [...new Set(own.map(({ is }) => is))].join(' and ');
  report(good(`Encryption: ${own.length} queues as the template says, by ${ways}`));
}

/** By its properties in a template, or by its attributes: they have the same names, and SQS's own way is the default. */
function wayOf({ KmsMasterKeyId, SqsManagedSseEnabled }: v.InferOutput<typeof properties>): string {
  if (KmsMasterKeyId === undefined) return String(SqsManagedSseEnabled) === 'false' ? 'nothing' : 'SQS';
  return typeof KmsMasterKeyId === 'string' ? `the key ${KmsMasterKeyId}` : SOME_KEY;
}
