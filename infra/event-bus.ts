import { Duration, Stack } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { EVENT_TYPES } from '../contract/event.ts';
import { decryptStatements } from './keys.ts';
import { mainQueueName, nameInStack } from './names.ts';
import type { Settings } from './settings.ts';

/**
 * The template of an event's `detail`. A pipe's template cannot merge two objects, so payload and attributes are
 * separate properties. All of `messageAttributes` is copied, because a path to a missing attribute has no defined value.
 */
const DETAIL = [
  '{"eventId": "<$.messageAttributes.eventId.stringValue>"',
  '"attributes": <$.messageAttributes>',
  '"payload": <$.body>}',
].join(', ');

const types: readonly string[] = EVENT_TYPES;
/**
 * The event type, or its path when there are several: the body always has it, while the attribute is left out when SQS
 * refuses it. Source: "Amazon EventBridge Pipes targets", "Dynamic path parameters"; nobody has tried a path here, so the
 * one type that exists is written out.
 */
const DETAIL_TYPE = types.length > 1 ? '$.body.eventType' : types.join();

/** Drains the queue onto an event bus, to which any number of services can subscribe with rules. */
export function createEventBus(scope: Construct, settings: Settings, queue: IQueue) {
  const bus = new EventBus(scope, 'EventBus', { eventBusName: nameInStack(scope, settings.name) });
  const archive = new Archive(scope, 'Archive', {
    sourceEventBus: bus,
    description: "Veriff's user-defined statuses, to be replayed to a rule that missed them.",
    eventPattern: { source: ['veriff'] },
    retention: Duration.days(90),
  });
  // The same for both: an archive can be replayed only to its own bus, and its rule prevents the deletion of the bus.
  for (const each of [bus, archive]) each.applyRemovalPolicy(settings.removalPolicy);

  const pipeRole = createPipeRole(scope, settings, bus);
  new CfnPipe(scope, 'Pipe', {
    // Named after the queue: for another queue CloudFormation creates a new pipe, which needs a name of its own.
    name: settings.queueName,
    description: 'From the queue of accepted statuses to the event bus.',
    roleArn: pipeRole.roleArn,
    source: queue.queueArn,
    // One message for each event, so that a failing message moves to the dead-letter queue alone.
    sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
    target: bus.eventBusArn,
    targetParameters: {
      inputTemplate: DETAIL,
      eventBridgeEventBusParameters: { source: 'veriff', detailType: DETAIL_TYPE },
    },
  });
  return { bus, pipeRole };
}

function createPipeRole(scope: Construct, { name, queueArn, keyArns }: Settings, bus: EventBus): Role {
  const stack = Stack.of(scope);
  // Both names that the pipe can have, so that a change of `fifo` does not change the trust policy: IAM takes time to
  // propagate a change.
  const pipes = [true, false].map((fifo) =>
    stack.formatArn({
      service: 'pipes',
      resource: 'pipe',
      resourceName: mainQueueName(scope, name, fifo),
    }),
  );
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
            resources: [queueArn],
          }),
          new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
          ...decryptStatements(keyArns),
        ],
      }),
    },
  });
}
