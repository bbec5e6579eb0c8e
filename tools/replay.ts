import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import * as v from 'valibot';
import { sentenceOf } from './failure.ts';
import { createProgress } from './progress.ts';
import { replayDeadLetters } from './replay/run-dead-letters.ts';
import { replayQuarantine } from './replay/run-quarantine.ts';
import { findStack, type Target } from './stack.ts';
import { flag, readTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(new Command('npm run replay --'))
  .description(
    'Lists the authentic deliveries that the receiver could not use, and sends those that are valid now to the queue.',
  )
  .option('--dry-run', 'validate each delivery with the code of this checkout, and change nothing')
  .option('--apply', 'send what is valid now, and remove it from quarantine')
  .option(
    '--dead-letters',
    'the dead-letter queue instead of quarantine: count it, with --apply move it back',
  )
  .option('--show', 'print the bodies, too: they hold personal data')
  .addHelpText(
    'after',
    `
Without --dry-run or --apply it only lists: when it was received, the reason, the event type, the integration and the
problems. A delivery that is sent gets the body, the attributes and the event id that the receiver would have given it,
and leaves quarantine only after SQS confirmed it: whatever interrupts a run, nothing is lost. At worst a delivery is
sent more than once, with the same event id.

Looking at a queue hides what is on it from others. A run shows it again when it ends; what one that is killed leaves
hidden shows up after five minutes (after a long run: after twice its time). Ctrl-C ends a run in order, a second
Ctrl-C at once.

AWS_PROFILE and AWS_REGION choose the account and the Region. Exits with 0 when all that was asked for is done, with 1
when a delivery could not be sent or removed, with 130 after Ctrl-C.

Examples:
  npm run replay -- --stack veriff-status-receiver-prod
  npm run replay -- --stack veriff-status-receiver-prod --dry-run
  npm run replay -- --stack veriff-status-receiver-prod --apply
  npm run replay -- --stack veriff-status-receiver-prod --dead-letters --apply
  npm run replay -- --local --show`,
  );

const schema = v.object({ ...targetEntries, dryRun: flag, apply: flag, deadLetters: flag, show: flag });
type Options = v.InferOutput<typeof schema>;

function readOptions(): { options: Options; target: Target } {
  const { options, target } = readTarget(command, schema);
  const { dryRun, apply, deadLetters, show } = options;
  if (dryRun && apply) command.error('expected --dry-run or --apply, got both; leave one out');
  if (deadLetters && show) command.error('expected --dead-letters without --show, got both; leave one out');
  return { options, target };
}

const INTERRUPTED = 130;
const interrupt = new AbortController();
const onSignal = () => (interrupt.signal.aborted ? process.exit(INTERRUPTED) : interrupt.abort());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
// The reader has gone (`| head`): what this run hides must still be shown again.
process.stdout.on('error', () => interrupt.abort());

const { options, target } = readOptions();
try {
  const stack = await findStack(target);
  const client = new SQSClient({ ...stack.sqs, useQueueUrlAsEndpoint: false });
  const { apply, dryRun, show } = options;
  const run = { stack, client, signal: interrupt.signal, progress: createProgress() };
  const done = options.deadLetters
    ? await replayDeadLetters({ ...run, apply })
    : await replayQuarantine({ ...run, show, action: apply ? 'apply' : dryRun ? 'dry-run' : 'list' });
  process.exitCode = interrupt.signal.aborted ? INTERRUPTED : done ? 0 : 1;
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
