import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Stage } from './choose-stage.ts';
import { storeKeyCommand } from './next-step.ts';
import type { ReceiverSettings } from './options.ts';
import { Receiver } from './receiver.ts';

interface ReceiverStackProps extends StackProps {
  readonly stage: Stage;
}

/** What `cdk deploy` ships: one {@link Receiver}, and what people and other stacks need to find it. */
export class ReceiverStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: ReceiverStackProps) {
    super(scope, id, { ...props, terminationProtection: stage.options.retain });

    const receiver = new Receiver(this, 'Receiver', { ...stage.options, name: this.stackName });

    this.publish(`/veriff-status-receiver/${stage.name}`, receiver);
    this.printOutputs(receiver, stage.options);
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

  private printOutputs(receiver: Receiver, options: ReceiverSettings): void {
    const { secretName } = receiver.secret;
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });

    output(
      'WebhookUrl',
      receiver.url,
      'Paste it into the Customer Portal: Settings, Webhook URL for sessions statuses set in Station.',
    );
    if (receiver.defaultUrl !== undefined) {
      output(
        'DefaultWebhookUrl',
        receiver.defaultUrl,
        "API Gateway's own address of the same webhook, which works until domain.only is set.",
      );
    }
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
      String(options.previousSecretGraceHours),
      'How long the previous secret works after a new one was stored.',
    );
    output('MetricsName', receiver.metricsName, 'The "service" of its metrics.');
    output('SecretName', secretName, "The secret that holds Veriff's shared secret key.");
    // Not for an existing secret: the command would write over what its owner stored.
    if (options.secretName === undefined) {
      output(
        'NextStep',
        storeKeyCommand(secretName, this.region),
        "Run it in bash or zsh, paste Veriff's shared secret key (nothing is shown), press Enter, then Ctrl-D.",
      );
    }
  }
}
