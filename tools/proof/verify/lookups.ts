import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { AWS_CLIENT } from '../../cli/network.ts';
import { sqsClient } from '../../ops/sqs-client.ts';

const alarm = async (id: string) => {
  const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(AWS_CLIENT).send(
    new DescribeAlarmsCommand({
      // Composite alarms are known by their ARN.
      AlarmNames: [id.replace(/^arn:.*:alarm:/, '')],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    }),
  );
  return MetricAlarms.length + CompositeAlarms.length > 0;
};

const hasAnswered = () => true;

/** Asks the service itself; a service that has no such thing throws, or the function says so. */
const lookups: Readonly<Record<string, (id: string) => Promise<boolean>>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::CompositeAlarm': alarm,
  'AWS::CloudWatch::Dashboard': (DashboardName) =>
    new CloudWatchClient(AWS_CLIENT).send(new GetDashboardCommand({ DashboardName })).then(hasAnswered),
  'AWS::Lambda::Function': (FunctionName) =>
    new LambdaClient(AWS_CLIENT)
      .send(new GetFunctionConfigurationCommand({ FunctionName }))
      .then(hasAnswered),
  'AWS::Logs::LogGroup': async (logGroupNamePrefix) => {
    const command = new DescribeLogGroupsCommand({ logGroupNamePrefix });
    const { logGroups = [] } = await new CloudWatchLogsClient(AWS_CLIENT).send(command);
    return logGroups.some(({ logGroupName }) => logGroupName === logGroupNamePrefix);
  },
  // One that is scheduled for deletion answers, too.
  'AWS::SecretsManager::Secret': (SecretId) =>
    new SecretsManagerClient(AWS_CLIENT).send(new DescribeSecretCommand({ SecretId })).then(hasAnswered),
  // It goes with its topic: SNS deletes none that nobody has confirmed.
  'AWS::SNS::Subscription': async () => false,
  'AWS::SNS::Topic': (TopicArn) =>
    new SNSClient(AWS_CLIENT).send(new GetTopicAttributesCommand({ TopicArn })).then(hasAnswered),
  'AWS::SQS::Queue': (QueueUrl) =>
    sqsClient()
      .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
      .then(hasAnswered),
};

/** Each service has a name of its own for it. */
const GONE = /NotFound|DoesNotExist|NonExistent/;

/** Whether a resource is in the account; undefined: it is of a type that is not looked up. */
export async function isThere(type: string, id: string): Promise<boolean | undefined> {
  try {
    return await lookups[type]?.(id);
  } catch (error) {
    if (error instanceof Error && GONE.test(error.name)) return false;
    throw error;
  }
}
