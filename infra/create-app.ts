import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfig } from './config.ts';
import { ReceiverStack } from './receiver-stack.ts';

const PROJECT = 'veriff-status-receiver';

/** Set here and not in cdk.json, so that the tests and the local stack synthesize exactly what `cdk deploy` ships. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
};

/**
 * The whole app: one stack named after its stage, checked by cdk-nag when it is synthesized. It knows no account and
 * no Region, so it needs no credentials.
 * @throws ConfigError when the context, the given one or that of the command line, is wrong
 */
export function createApp(options: Pick<AppProps, 'context' | 'outdir'> = {}): App {
  const app = new App({ ...options, postCliContext: FEATURE_FLAGS, analyticsReporting: false });
  const config = readConfig(app.node.getAllContext());

  new ReceiverStack(app, `${PROJECT}-${config.stage}`, {
    config,
    description: "Receives Veriff's user-defined statuses and puts them on a queue.",
  });

  Tags.of(app).add('project', PROJECT);
  Tags.of(app).add('stage', config.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
