import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';
import type { ReceiverDomain } from './domain.ts';
import { Receiver } from './receiver.ts';

interface ReceiverStackProps extends StackProps {
  readonly config: Config;
}

/** What `cdk deploy` ships: one {@link Receiver}, and what people and other stacks need to find it. */
export class ReceiverStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: ReceiverStackProps) {
    const isProd = config.stage === 'prod';
    super(scope, id, { ...props, terminationProtection: isProd });

    const receiver = new Receiver(this, 'Receiver', {
      secretArn: config.secretArn,
      previousSecretGrace: Duration.hours(config.previousSecretGraceHours),
      fifo: config.fifo,
      hasEventBus: config.eventBus,
      subscriberAccounts: config.subscriberAccounts ?? [],
      kmsKeyArn: config.kmsKeyArn,
      throttleRate: config.throttleRate,
      throttleBurst: config.throttleBurst,
      domain: domainOf(config),
      allowedSources: config.allowedSources ?? [],
      alarms:
        config.alarmEmail === undefined && config.alarmTopicArn === undefined
          ? undefined
          : { email: config.alarmEmail, topicArn: config.alarmTopicArn },
      hasDashboard: config.dashboard,
      logRetention: config.logRetentionDays,
      name: this.stackName,
      removalPolicy: isProd ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });

    this.publish(`/veriff-status-receiver/${config.stage}`, receiver);
    this.printOutputs(receiver, config);
  }

  /** Parameters and not exports: CloudFormation would not let an exported value change while a stack uses it. */
  private publish(prefix: string, { queue, eventBus, subscriberPolicy }: Receiver): void {
    new StringParameter(this, 'QueueUrlParameter', {
      parameterName: `${prefix}/queue-url`,
      description: 'URL of the queue that holds the accepted statuses.',
      stringValue: queue.queueUrl,
    });
    new StringParameter(this, 'QueueArnParameter', {
      parameterName: `${prefix}/queue-arn`,
      description: 'ARN of the queue that holds the accepted statuses.',
      stringValue: queue.queueArn,
    });
    new StringParameter(this, 'SubscriberPolicyArnParameter', {
      parameterName: `${prefix}/subscriber-policy-arn`,
      description: 'ARN of the managed policy that lets a role drain the queue.',
      stringValue: subscriberPolicy.managedPolicyArn,
    });
    if (eventBus !== undefined) {
      new StringParameter(this, 'EventBusNameParameter', {
        parameterName: `${prefix}/event-bus-name`,
        description: 'Name of the event bus that carries the accepted statuses.',
        stringValue: eventBus.eventBusName,
      });
    }
  }

  private printOutputs(receiver: Receiver, config: Config): void {
    const { secretName } = receiver.secret;
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });

    output(
      'WebhookUrl',
      receiver.url,
      'Paste it into the Customer Portal: Settings, Webhook URL for sessions statuses set in Station.',
    );
    output('QueueUrl', receiver.queue.queueUrl, 'Accepted statuses, for subscribers to receive.');
    output('QueueArn', receiver.queue.queueArn, 'Accepted statuses, for policies and event sources.');
    output(
      'DeadLetterQueueUrl',
      receiver.deadLetterQueue.queueUrl,
      'Messages that no subscriber could handle.',
    );
    output(
      'QuarantineQueueUrl',
      receiver.quarantineQueue.queueUrl,
      'Authentic deliveries that are no valid event.',
    );
    output(
      'SubscriberPolicyArn',
      receiver.subscriberPolicy.managedPolicyArn,
      'Attach it to the role of a service that drains the queue.',
    );
    if (receiver.eventBus !== undefined) {
      output('EventBusName', receiver.eventBus.eventBusName, 'Where rules subscribe to source veriff.');
    }
    if (receiver.domainTarget !== undefined) {
      output('DomainTarget', receiver.domainTarget, 'What the record of your own name points to.');
    }
    output(
      'PreviousSecretGraceHours',
      String(config.previousSecretGraceHours),
      'How long the previous secret works after a new one was stored.',
    );
    output('MetricsName', receiver.metricsName, 'The "service" of its metrics.');
    output('SecretName', secretName, "The secret that holds Veriff's shared secret key.");
    // Not for an existing secret: the command would write over what its owner stored.
    if (config.secretArn === undefined) {
      output(
        'NextStep',
        storeSecretCommand(secretName, this.region),
        "Run it in bash or zsh, paste Veriff's shared secret key (nothing is shown) and press Enter.",
      );
    }
  }
}

function domainOf({
  domainName,
  certificateArn,
  hostedZoneId,
  hostedZoneName,
}: Config): ReceiverDomain | undefined {
  if (domainName === undefined) return undefined;
  const hostedZone =
    hostedZoneId === undefined || hostedZoneName === undefined
      ? undefined
      : { id: hostedZoneId, name: hostedZoneName };
  return { name: domainName, certificateArn, hostedZone };
}

/** The key goes from the terminal to the AWS CLI through a pipe: never in the history, an argument or a file. */
function storeSecretCommand(secretName: string, region: string): string {
  const store = `aws secretsmanager put-secret-value --region ${region} --secret-id '${secretName}'`;
  return `(read -rs KEY && printf %s "$KEY" | ${store} --secret-string file:///dev/stdin)`;
}
