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
  // GovCloud, too.
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
 * The whole app: one stack named after its stage, checked by cdk-nag when it is synthesized. It knows no account and
 * no Region, so it needs no credentials.
 * @throws OptionsError when the stage isn't there, or its options or the context are wrong
 */
export function createApp({ stages = ourStages, ...props }: ReceiverAppProps = {}): App {
  const app = new App({ ...props, postCliContext: FEATURE_FLAGS, analyticsReporting: false });
  const stage = stageOfContext(stages, app.node.getAllContext());

  const tags = { project: PROJECT, stage: stage.name };
  new ReceiverStack(app, `${PROJECT}-${stage.name}`, {
    stage,
    // Those of the stack, which CloudFormation hands on to what it makes; the aspects below tag the template only.
    tags,
    description: "Receives Veriff's user-defined statuses and puts them on a queue.",
  });

  for (const [key, value] of Object.entries(tags)) {
    // The resource schema of us-east-1 has no tags of dashboards: they might stop the deployment there.
    Tags.of(app).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
