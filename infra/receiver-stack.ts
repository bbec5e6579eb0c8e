import { Stack, type StackProps } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Stage } from './choose-stage.ts';
import { Receiver } from './receiver.ts';

interface ReceiverStackProps extends StackProps {
  readonly stage: Stage;
}

/** The stack that `cdk deploy` deploys: one {@link Receiver}, its SSM parameters and its outputs. */
export class ReceiverStack extends Stack {
  constructor(scope: Construct, id: string, { stage, ...props }: ReceiverStackProps) {
    super(scope, id, { ...props, terminationProtection: stage.options.retain });

    const receiver = new Receiver(this, 'Receiver', { ...stage.options, name: this.stackName });

    this.publish(`/veriff-status-receiver/${stage.name}`, receiver);
    receiver.addOutputs({ isOnly: true });
  }

  /** SSM parameters and not exports, because CloudFormation cannot change an exported value that another stack uses. */
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
