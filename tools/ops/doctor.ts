import * as v from 'valibot';
import { createCommand, flag, mainInOrder } from '../cli/command-line.ts';
import { examine } from './doctor/examine.ts';
import { type Finding, line } from './doctor/finding.ts';
import { readTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(createCommand('npm run doctor'))
  .description('Checks a receiver from end to end, one line for each check. Exits with 0 when all is well.')
  .option('--test-alarm', 'set an alarm off, see in its history that its topic was told, and put it back')
  .addHelpText(
    'after',
    `
✓ is well, ✗ is a fault and what to do, – could not be checked from here and is no fault.

It sends one request without a signature, which is refused, and one signed probe, which no subscriber sees: the receiver
puts it into quarantine, from where it is removed at once. What else lies there is hidden meanwhile, and counts one
receive more. --test-alarm tells those who are told of alarms that one fires, and that it is over; Ctrl-C puts the alarm
back, too.

AWS_PROFILE and AWS_REGION choose the account and the Region. It needs cloudformation:DescribeStacks,
ListStackResources and GetTemplate, secretsmanager:GetSecretValue, cloudwatch:DescribeAlarms and GetMetricStatistics,
sns:GetTopicAttributes and ListSubscriptionsByTopic, on the three queues sqs:GetQueueAttributes, and on the quarantine
queue sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility; with kmsKeyArn kms:Decrypt; for --test-alarm
cloudwatch:SetAlarmState and DescribeAlarmHistory.

Examples:
  npm run doctor -- --stack veriff-status-receiver-prod
  npm run doctor -- --stack veriff-status-receiver-prod --test-alarm
  npm run doctor -- --local`,
  );

const { options, target } = readTarget(command, v.object({ ...targetEntries, testAlarm: flag }));
const { testAlarm } = options;
if (testAlarm && !('name' in target)) {
  command.error('expected --test-alarm with --stack, got it with --local; alarms exist only in AWS');
}
await mainInOrder(async (signal) => {
  let faults = 0;
  const report = (finding: Finding) => {
    if (finding.kind === 'bad') faults += 1;
    console.log(line(finding));
  };
  await examine(target, report, { isAlarmTested: testAlarm, signal });
  if (signal.aborted) {
    console.log('\nInterrupted: not everything was checked.');
    return 1;
  }
  console.log(faults === 0 ? '\nAll is well.' : `\n${faults} ${faults === 1 ? 'fault' : 'faults'}.`);
  return faults === 0 ? 0 : 1;
});
