import { Stack, type StackProps } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Stage } from './choose-stage.ts';
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
    receiver.addOutputs({ isOnly: true });
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
}
