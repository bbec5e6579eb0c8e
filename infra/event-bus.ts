import { Duration, Stack } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EVENT_TYPES } from '../contract/event.ts';
import { decryptStatements } from './kms-keys.ts';
import { mainQueueName, nameInStack, type Settings } from './settings.ts';

/**
 * The template of an event's `detail`. A pipe's template cannot merge two objects, so payload and attributes are
 * separate properties. All of `messageAttributes` is copied, because a path to a missing attribute has no defined value.
 */
const DETAIL = [
  '{"eventId": "<$.messageAttributes.eventId.stringValue>"',
  '"attributes": <$.messageAttributes>',
  '"payload": <$.body>}',
].join(', ');

/**
 * A second event type does not compile here: then write `$.body.eventType`, and try it in AWS. Not a path to the message
 * attribute, which may be missing. Source: EventBridge, "Amazon EventBridge Pipes targets", "Dynamic path parameters".
 */
const [DETAIL_TYPE]: readonly [string] = EVENT_TYPES;

/** Drains the queue onto an event bus, to which any number of services can subscribe with rules. */
export function createEventBus(scope: Construct, settings: Settings, queue: IQueue) {
  const bus = new EventBus(scope, 'EventBus', { eventBusName: nameInStack(scope, settings.name) });
  const archive = new Archive(scope, 'Archive', {
    sourceEventBus: bus,
    description: "Veriff's user-defined statuses, to be replayed to a rule that missed them.",
    eventPattern: { source: ['veriff'] },
    retention: Duration.days(90),
  });
  // The same policy for both: an archive can be replayed only to its own bus, and a bus cannot be deleted while the rule
  // of its archive exists.
  for (const each of [bus, archive]) each.applyRemovalPolicy(settings.removalPolicy);

  const pipeRole = createPipeRole(scope, settings, bus);
  new CfnPipe(scope, 'Pipe', {
    // The queue's name: when the queue is replaced, CloudFormation creates the new pipe before it deletes the old one, so
    // the two need different names.
    name: settings.queueName,
    description: 'From the queue of accepted statuses to the event bus.',
    roleArn: pipeRole.roleArn,
    source: queue.queueArn,
    // One message in each batch, so that a failing message moves to the dead-letter queue alone.
    sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
    target: bus.eventBusArn,
    targetParameters: {
      inputTemplate: DETAIL,
      eventBridgeEventBusParameters: { source: 'veriff', detailType: DETAIL_TYPE },
    },
  });
  return { bus, pipeRole };
}

function createPipeRole(scope: Construct, { name, keyArns }: Settings, bus: EventBus): Role {
  const stack = Stack.of(scope);
  // Both names that the queue and the pipe can have. A change of `fifo` then changes no policy; IAM would take time to
  // propagate the change.
  const names = [true, false].map((fifo) => mainQueueName(scope, name, fifo));
  const pipes = names.map((resourceName) =>
    stack.formatArn({ service: 'pipes', resource: 'pipe', resourceName }),
  );
  const queues = names.map((resource) => stack.formatArn({ service: 'sqs', resource }));
  return new Role(scope, 'PipeRole', {
    assumedBy: new ServicePrincipal('pipes.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnEquals: { 'aws:SourceArn': pipes },
      },
    }),
    inlinePolicies: {
      Pipe: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            resources: queues,
          }),
          new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
          ...decryptStatements(keyArns),
        ],
      }),
    },
  });
}
