import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { isNoQueue } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift } from '../drift.ts';
import type { Stack } from '../stack.ts';
import { bad, type Finding, good, unchecked } from './finding.ts';
import { resourcesOf } from './resources.ts';

/** A key by ARN or id, where the template names one; what it refers to is not resolved. */
const properties = v.object({
  KmsMasterKeyId: v.optional(v.unknown()),
  SqsManagedSseEnabled: v.optional(v.unknown()),
});
const template = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ Resources: v.record(v.string(), v.looseObject({ Properties: v.optional(properties, {}) })) }),
);

/** Whether each queue is encrypted as the stack's template says: CloudFormation may have left an old setting. */
export async function checkEncryption(client: SQSClient, { name, outputs }: Stack): Promise<Finding> {
  const [resources, wanted] = await Promise.all([resourcesOf(name), readTemplate(name)]);
  if (wanted === undefined) return unchecked('Encryption: not checked, the template is not JSON');
  const urls = [outputs.QueueUrl, outputs.DeadLetterQueueUrl, outputs.QuarantineQueueUrl];
  const found = await Promise.all(
    urls.map(async (url) => {
      const resource = resources.find(({ PhysicalResourceId }) => PhysicalResourceId === url);
      const want = wanted.Resources[resource?.LogicalResourceId ?? '']?.Properties;
      return want && { url, want: inTemplate(want), is: await inUse(client, url) };
    }),
  );
  const read = found.flatMap((one) => (one?.is === undefined ? [] : [{ ...one, is: one.is }]));
  const wrong = read.filter(({ want, is }) =>
    want === 'a KMS key' ? !is.startsWith('the key ') : want !== is,
  );
  const [first] = wrong;
  if (first !== undefined) {
    return bad(
      `Encryption: ${wrong.length} of ${read.length} queues not as the template says, ${first.url} by ${first.is} and not by ${first.want}`,
      revertDrift(name),
    );
  }
  const ways = [...new Set(read.map(({ is }) => is))].join(' and ');
  return read.length === 0
    ? unchecked('Encryption: not checked, the queues are not resources of the stack')
    : good(`Encryption: ${read.length} queues as the template says, by ${ways}`);
}

async function readTemplate(StackName: string) {
  const { CloudFormationClient, GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const { TemplateBody } = await new CloudFormationClient(AWS_CLIENT).send(
    new GetTemplateCommand({ StackName }),
  );
  const read = v.safeParse(template, TemplateBody);
  return read.success ? read.output : undefined;
}

function inTemplate({ KmsMasterKeyId, SqsManagedSseEnabled }: v.InferOutput<typeof properties>): string {
  if (typeof KmsMasterKeyId === 'string') return `the key ${KmsMasterKeyId}`;
  if (KmsMasterKeyId !== undefined) return 'a KMS key';
  return SqsManagedSseEnabled === false ? 'nothing' : 'SQS';
}

/** Undefined: there is no such queue, which another check says. */
async function inUse(client: SQSClient, QueueUrl: string): Promise<string | undefined> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['SqsManagedSseEnabled', 'KmsMasterKeyId'],
  });
  try {
    const { Attributes = {} } = await client.send(command);
    if (Attributes.KmsMasterKeyId !== undefined) return `the key ${Attributes.KmsMasterKeyId}`;
    return Attributes.SqsManagedSseEnabled === 'true' ? 'SQS' : 'nothing';
  } catch (error) {
    if (isNoQueue(error)) return undefined;
    throw error;
  }
}
