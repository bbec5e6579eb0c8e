import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { stageOfContext } from './choose-stage.ts';
import type { Stages } from './options.ts';
import { ReceiverStack } from './receiver-stack.ts';
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
  const stage = stageOfContext(stages, app.node.getAllContext());

  const tags = { project: PROJECT, stage: stage.name };
  new ReceiverStack(app, `${PROJECT}-${stage.name}`, {
    stage,
    // The tags of the stack, which CloudFormation copies to its resources. Tags.of() below only writes to the template.
    tags,
    description: "Receives Veriff's user-defined statuses and puts them on a queue.",
  });

  for (const [key, value] of Object.entries(tags)) {
    // CloudFormation's schema in us-east-1 has no tags for dashboards, so a tag could make a deployment fail there.
    Tags.of(app).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
