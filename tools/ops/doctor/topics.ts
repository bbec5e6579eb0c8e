import { isDenied } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift } from '../drift.ts';
import { bad, type Finding, unchecked } from './finding.ts';
import { letsCloudWatchPublish } from './topic-policy.ts';

/** What is known of a topic that alarms have as an action. */
export interface Topic {
  readonly arn: string;
  /** Undefined: these credentials may not read it. */
  readonly attributes: { readonly policy: string; readonly keyId: string | undefined } | 'gone' | undefined;
  /** Of those who are told; undefined: these credentials may not list them. */
  readonly subscribers: { readonly confirmed: number; readonly unconfirmed: readonly string[] } | undefined;
}

/** AWS's key for SNS, by the alias or by its ARN. Its policy can't be changed, and doesn't let CloudWatch use it. */
const AWS_KEY = /(^|:)alias\/aws\/sns$/;

/** What keeps an alarm from reaching those who should be told. */
export function* judgeTopic(
  { arn, attributes, subscribers }: Topic,
  alarmArns: readonly string[],
  stackName: string,
): Generator<Finding> {
  const [, , , region] = arn.split(':');
  const [, , , other, account] = alarmArns[0]?.split(':') ?? [];
  if (other !== region) {
    return yield bad(
      `Alarms: they are in ${other}, their topic ${arn} is in ${region}, and none arrives`,
      'give the stage a topic of its own Region',
    );
  }
  if (attributes === 'gone') {
    return yield bad(`Alarms: expected their topic ${arn}, got none`, revertDrift(stackName));
  }
  if (attributes === undefined) {
    yield unchecked(`Alarms: the policy of ${arn} not checked, it needs sns:GetTopicAttributes`);
  } else {
    const verdicts = alarmArns.map((alarmArn) =>
      letsCloudWatchPublish(attributes.policy, { topicArn: arn, alarmArn }),
    );
    const worst = Math.min(1, ...verdicts);
    if (worst === 0) {
      yield bad(
        `Alarms: the policy of ${arn} does not let CloudWatch publish, and none arrives`,
        `${revertDrift(stackName)}; for a topic of your own allow sns:Publish to cloudwatch.amazonaws.com there, with aws:SourceAccount ${account}`,
      );
    } else if (worst < 1) {
      yield unchecked(
        `Alarms: the policy of ${arn} has conditions that can't be judged by reading; try --test-alarm`,
      );
    }
    yield* judgeKey(arn, attributes.keyId);
  }
  for (const endpoint of subscribers?.unconfirmed ?? []) {
    yield bad(`Alarms: ${endpoint} has not confirmed`, 'click the link that AWS mailed there');
  }
  if (subscribers?.confirmed === 0 && subscribers.unconfirmed.length === 0) {
    yield bad(`Alarms: nobody has subscribed to ${arn}`, 'subscribe somebody to it');
  }
}

function* judgeKey(topicArn: string, keyId = ''): Generator<Finding> {
  if (AWS_KEY.test(keyId)) {
    yield bad(
      `Alarms: ${topicArn} is encrypted with alias/aws/sns, which CloudWatch can't use, and none arrives`,
      'take a key of your own, or none',
    );
  } else if (keyId !== '') {
    yield unchecked(
      `Alarms: the policy of the key ${keyId} not checked; it must let cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*; try --test-alarm`,
    );
  }
}

export async function readTopic(arn: string): Promise<Topic> {
  const { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, SNSClient } = await import(
    '@aws-sdk/client-sns'
  );
  const client = new SNSClient(AWS_CLIENT);
  const attributes = await client.send(new GetTopicAttributesCommand({ TopicArn: arn })).then(
    ({ Attributes = {} }) => ({ policy: Attributes.Policy ?? '', keyId: Attributes.KmsMasterKeyId }),
    (error) => {
      if (error instanceof Error && /NotFound/.test(error.name)) return 'gone' as const;
      return deniedIsUnknown(error);
    },
  );
  if (attributes === 'gone') return { arn, attributes, subscribers: undefined };
  const list = async () => {
    const unconfirmed: string[] = [];
    let confirmed = 0;
    for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: arn })) {
      for (const { SubscriptionArn = '', Endpoint = '' } of page.Subscriptions ?? []) {
        if (SubscriptionArn.startsWith('arn:')) confirmed += 1;
        else if (SubscriptionArn === 'PendingConfirmation') unconfirmed.push(Endpoint);
      }
    }
    return { confirmed, unconfirmed };
  };
  return { arn, attributes, subscribers: await list().catch(deniedIsUnknown) };
}

/** A topic given by its ARN may belong to another account, which needn't let us read it. */
function deniedIsUnknown(error: unknown): undefined {
  if (!isDenied(error)) throw error;
}
