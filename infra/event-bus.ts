import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { decryptStatements } from './keys.ts';
import { mainQueueName, nameInStack, queueArn } from './names.ts';

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
  readonly fifo: boolean;
  readonly queue: IQueue;
  readonly keyArns: readonly string[];
  readonly removalPolicy: RemovalPolicy;
}

/** Drains the queue onto an event bus, where any number of services subscribe with a rule. */
export function createEventBus(
  scope: Construct,
  { name, fifo, queue, keyArns, removalPolicy }: EventBusOptions,
): { bus: EventBus; pipeRole: Role } {
  const bus = new EventBus(scope, 'EventBus', { eventBusName: nameInStack(scope, name) });
  const archive = new Archive(scope, 'Archive', {
    sourceEventBus: bus,
    description: "Veriff's user-defined statuses, to be replayed to a rule that missed them.",
    eventPattern: { source: ['veriff'] },
    retention: Duration.days(90),
  });
  // Together: an archive can be replayed to its own bus only, and its rule keeps the bus from being deleted.
  for (const each of [bus, archive]) each.applyRemovalPolicy(removalPolicy);

  const queueName = mainQueueName(scope, { name, fifo });
  const pipeRole = createPipeRole(scope, {
    name,
    queueArn: queueArn(scope, queueName),
    busArn: bus.eventBusArn,
    keyArns,
  });
  new CfnPipe(scope, 'Pipe', {
    // The queue's name, because a pipe from another queue is another pipe, which can't have the name of the first.
    name: queueName,
    description: 'From the queue of accepted statuses to the event bus.',
    roleArn: pipeRole.roleArn,
    source: queue.queueArn,
    // One message an event: a failing one goes its own way to the dead-letter queue.
    sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
    target: bus.eventBusArn,
    targetParameters: {
      inputTemplate: DETAIL,
      eventBridgeEventBusParameters: { source: 'veriff', detailType: 'user-status.created' },
    },
  });
  return { bus, pipeRole };
}

interface PipeRoleOptions {
  readonly name: string;
  /** Made of the queue's name: the queue waits for the role when it is encrypted with a key. */
  readonly queueArn: string;
  readonly busArn: string;
  readonly keyArns: readonly string[];
}

function createPipeRole(scope: Construct, { name, queueArn, busArn, keyArns }: PipeRoleOptions): Role {
  const stack = Stack.of(scope);
  // Both names that the pipe can have, so that a change of `fifo` needs no new trust: IAM takes a while to spread it.
  const pipes = [true, false].map((fifo) =>
    stack.formatArn({
      service: 'pipes',
      resource: 'pipe',
      resourceName: mainQueueName(scope, { name, fifo }),
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
          new PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn] }),
          ...decryptStatements(keyArns),
        ],
      }),
    },
  });
}
