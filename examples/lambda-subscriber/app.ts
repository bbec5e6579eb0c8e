import { App } from 'aws-cdk-lib';
import { SubscriberStack } from './stack.ts';

const app = new App();
const stage = String(app.node.tryGetContext('stage') ?? 'dev');
new SubscriberStack(app, `user-status-subscriber-${stage}`, { stage });
