import { Duration, Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import * as v from 'valibot';
import { createApp } from '../../infra/create-app.ts';
import { Receiver } from '../../infra/receiver.ts';
import { STACK, STAGE } from '../../tools/proof/verify/place.ts';
import { type Deployment, deployments } from './deployments.ts';

const environment = v.object({
  /** Which of the deployments this is. */
  VERIFY: v.custom<Deployment>((name) => typeof name === 'string' && Object.hasOwn(deployments, name)),
});

const { VERIFY } = v.parse(environment, process.env);
// The key is made in the stack, which needs its options, and so its ARN, first.
const keyArn = Lazy.string({ produce: () => key.keyArn });
const app = createApp({ stages: { [STAGE]: deployments[VERIFY](keyArn) }, context: { stage: STAGE } });
const stack = app.node.findChild(STACK);
const receiver = stack.node.findChild('Receiver');
if (!(stack instanceof Stack) || !(receiver instanceof Receiver)) {
  throw new Error(`Expected a stack ${STACK} with a receiver in it, got others.`);
}

// Beside the receiver, in its stack, so that it goes with it.
const key = new Key(stack, 'Key', {
  enableKeyRotation: true,
  pendingWindow: Duration.days(7),
  removalPolicy: RemovalPolicy.DESTROY,
});
const listener = new Queue(stack, 'Listener', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true });
Validations.of(listener).acknowledge({
  id: 'AwsSolutions-SQS3',
  reason: 'It hears what the alarms and the event bus say, and is read by hand.',
});

const topic = receiver.node.tryFindChild('Alarms')?.node.tryFindChild('Topic');
if (topic instanceof Topic) topic.addSubscription(new SqsSubscription(listener));

const { eventBus } = receiver;
if (eventBus !== undefined) {
  new Rule(stack, 'Heard', {
    eventBus,
    eventPattern: { source: ['veriff'] },
    targets: [new SqsQueue(listener)],
  });
}
