// Somebody's CDK app: type-checked and run as an ES module and as CommonJS, with the package installed by npm.
import { App, Stack } from 'aws-cdk-lib';
import { Receiver, type ReceiverProps } from 'veriff-status-receiver-cdk';

const props: ReceiverProps = {
  retain: true,
  alarms: { email: 'you@example.com' },
  allowedSources: ['veriff-eu'],
};
// @ts-expect-error A misspelled option.
const misspelled: ReceiverProps = { retian: true };

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Theirs');
new Receiver(stack, 'Statuses', Object.keys(misspelled).length === 1 ? props : {}).addOutputs();
app.synth();
