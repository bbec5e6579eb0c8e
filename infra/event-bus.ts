import { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * The `detail` of an event. A pipe's template can't merge two objects, so the payload stands beside its attributes;
 * `messageAttributes` is taken whole, because a path to one that a message lacks has no defined value.
 */
const DETAIL = [
  '{"eventId": "<$.messageAttributes.eventId.stringValue>"',
  '"attributes": <$.messageAttributes>',
  '"payload": <$.body>}',
].join(', ');

interface EventBusOptions {
  readonly name: string;
  readonly queue: IQueue;
  readonly kmsKeyArn: string | undefined;
}

/** Drains the queue onto an event bus, where any number of services subscribe with a rule. */
export function createEventBus(scope: Construct, { name, queue, kmsKeyArn }: EventBusOptions): EventBus {
  const bus = new EventBus(scope, 'EventBus', { eventBusName: name });
  new Archive(scope, 'Archive', {
    sourceEventBus: bus,
    description: "Veriff's user-defined statuses, to be replayed to a rule that missed them.",
    eventPattern: { source: ['veriff'] },
    retention: Duration.days(90),
  });

  const role = new Role(scope, 'PipeRole', {
    assumedBy: new ServicePrincipal('pipes.amazonaws.com'),
    inlinePolicies: {
      Pipe: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            resources: [queue.queueArn],
          }),
          new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
          ...(kmsKeyArn === undefined
            ? []
            : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [kmsKeyArn] })]),
        ],
      }),
    },
  });
  const pipe = new CfnPipe(scope, 'Pipe', {
    description: 'From the queue of accepted statuses to the event bus.',
    roleArn: role.roleArn,
    source: queue.queueArn,
    // One message an event: a failing one goes its own way to the dead-letter queue.
    sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
    target: bus.eventBusArn,
    targetParameters: {
      inputTemplate: DETAIL,
      eventBridgeEventBusParameters: { source: 'veriff', detailType: 'user-status.created' },
    },
  });
  pipe.node.addDependency(role);
  return bus;
}
