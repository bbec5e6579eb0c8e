import { App, type AppProps, Stack, Tags, Validations } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { stageOfContext } from './choose-stage.ts';
import type { Stages } from './options.ts';
import { Receiver } from './receiver.ts';
import { stages as ourStages } from './stages.ts';

const PROJECT = 'veriff-status-receiver';

/** Set here and not in cdk.json, so that the tests and the local stack synthesize exactly what `cdk deploy` ships. */
const FEATURE_FLAGS = {
  ...recommended,
  // The recommended flag leaves out GovCloud.
  '@aws-cdk/core:target-partitions': ['aws', 'aws-cn', 'aws-us-gov'],
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
};

interface ReceiverAppProps extends Pick<AppProps, 'context' | 'outdir'> {
  /** @default those of infra/stages.ts */
  readonly stages?: Stages;
}

/**
 * Creates the CDK app: one stack, named after its stage, which cdk-nag checks when it is synthesized. The stack sets no
 * account and no Region, so the synthesis needs no credentials.
 * @throws OptionsError when the stage does not exist, or its options or the context are wrong
 */
export function createApp({ stages = ourStages, ...props }: ReceiverAppProps = {}): App {
  const app = new App({ ...props, postCliContext: FEATURE_FLAGS, analyticsReporting: false });
  const { name, options } = stageOfContext(stages, app.node.getAllContext());

  const tags = { project: PROJECT, stage: name };
  const stack = new Stack(app, `${PROJECT}-${name}`, {
    description: "Receives Veriff's user-defined statuses and puts them on a queue.",
    // CloudFormation copies the stack's tags to its resources. Tags.of() below only writes tags to the template.
    tags,
    terminationProtection: options.retain,
  });
  const receiver = new Receiver(stack, 'Receiver', { ...options, name: stack.stackName });
  publishParameters(stack, `/${PROJECT}/${name}`, receiver);
  receiver.addOutputs({ isOnly: true });

  for (const [key, value] of Object.entries(tags)) {
    // CloudFormation's schema in us-east-1 has no tags for dashboards, so a tag could make a deployment fail there.
    Tags.of(app).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** SSM parameters and not exports, because CloudFormation cannot change an exported value that another stack uses. */
function publishParameters(stack: Stack, prefix: string, receiver: Receiver): void {
  const publish = (id: string, name: string, stringValue: string, description: string) =>
    new StringParameter(stack, `${id}Parameter`, {
      parameterName: `${prefix}/${name}`,
      description,
      stringValue,
    });

  const { queue, subscriberPolicy, eventBus } = receiver;
  publish('QueueUrl', 'queue-url', queue.queueUrl, 'URL of the queue that holds the accepted statuses.');
  publish('QueueArn', 'queue-arn', queue.queueArn, 'ARN of the queue that holds the accepted statuses.');
  publish(
    'SubscriberPolicyArn',
    'subscriber-policy-arn',
    subscriberPolicy.managedPolicyArn,
    'ARN of the managed policy that lets a role drain the queue.',
  );
  if (eventBus === undefined) return;
  publish(
    'EventBusName',
    'event-bus-name',
    eventBus.eventBusName,
    'Name of the event bus that carries the accepted statuses.',
  );
}
