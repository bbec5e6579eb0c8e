import { App } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { SubscriberStack } from './stack.ts';

// The zip keeps the modes of the files, and Lambda reads them as another user.
process.umask(0o022);

const app = new App({ postCliContext: featureFlags });
const stage = String(app.node.tryGetContext('stage') ?? 'dev');
new SubscriberStack(app, `user-status-subscriber-${stage}`, { stage });
