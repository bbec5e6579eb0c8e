import {
  GetTopicAttributesCommand,
  NotFoundException,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from '@aws-sdk/client-sns';
import { isDenied } from '../../cli/failure.ts';
import { AWS_CLIENT } from '../../cli/network.ts';
import { revertDrift } from '../stack.ts';
import { bad, type Finding, unchecked } from './finding.ts';
import { letsCloudWatchPublish } from './topic-policy.ts';

/** What is known of a topic that alarms have as an action; undefined: what these credentials may not read. */
export interface Topic {
  readonly arn: string;
  readonly attributes: { readonly policy: string; readonly keyId: string | undefined } | 'gone' | undefined;
  readonly subscribers: { readonly confirmed: number; readonly unconfirmed: readonly string[] } | undefined;
}

/** AWS's key for SNS, by the alias or by its ARN. Its policy can't be changed, and doesn't let CloudWatch use it. */
const AWS_KEY = /(^|:)alias\/aws\/sns$/;

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
    return yield bad(`Alarms: expected their topic ${arn}, got none`, revertDrift({ name: stackName }));
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
        `${revertDrift({ name: stackName })}; for a topic of your own allow sns:Publish to cloudwatch.amazonaws.com there, with aws:SourceAccount ${account}`,
      );
    } else if (worst < 1) {
      yield unchecked(
        `Alarms: the policy of ${arn} has conditions that can't be judged by reading; try --test-alarm`,
      );
    }
    const { keyId } = attributes;
    if (keyId !== undefined && AWS_KEY.test(keyId)) {
      yield bad(
        `Alarms: ${arn} is encrypted with alias/aws/sns, which CloudWatch can't use, and none arrives`,
        'take a key of your own, or none',
      );
    } else if (keyId) {
      yield unchecked(
        `Alarms: the policy of the key ${keyId} not checked; it must let cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*; try --test-alarm`,
      );
    }
  }
  for (const endpoint of subscribers?.unconfirmed ?? []) {
    yield bad(`Alarms: ${endpoint} has not confirmed`, 'open the link that AWS sent there');
  }
  if (subscribers?.confirmed === 0 && subscribers.unconfirmed.length === 0) {
    yield bad(`Alarms: nobody has subscribed to ${arn}`, 'subscribe somebody to it');
  }
}

export async function readTopic(arn: string): Promise<Topic> {
  const client = new SNSClient(AWS_CLIENT);
  const attributes = await client.send(new GetTopicAttributesCommand({ TopicArn: arn })).then(
    ({ Attributes = {} }) => ({ policy: Attributes.Policy ?? '', keyId: Attributes.KmsMasterKeyId }),
    (error) => (error instanceof NotFoundException ? ('gone' as const) : deniedIsUnknown(error)),
  );
  if (attributes === 'gone') return { arn, attributes, subscribers: undefined };
  const subscribers = await Array.fromAsync(
    paginateListSubscriptionsByTopic({ client }, { TopicArn: arn }),
  ).then((pages) => {
    const all = pages.flatMap(({ Subscriptions = [] }) => Subscriptions);
    const pending = all.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation');
    return {
      confirmed: all.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith('arn:')).length,
      unconfirmed: pending.map(({ Endpoint = '' }) => Endpoint),
    };
  }, deniedIsUnknown);
  return { arn, attributes, subscribers };
}

/** A topic given by its ARN may belong to another account, which needn't let us read it. */
function deniedIsUnknown(error: unknown): undefined {
  if (!isDenied(error)) throw error;
}
