import * as v from 'valibot';
import { createCommand, flag, mainInOrder } from '../cli/command-line.ts';
import { createProgress } from '../cli/progress.ts';
import { replay } from './replay/run.ts';
import { oldQueue, ownQueue } from './replay/source.ts';
import { findStack } from './stack.ts';
import { readTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(createCommand('npm run replay'))
  .description(
    'Lists what lies in quarantine, or on another queue, and sends what is a valid event to the queue.',
  )
  .option('--dead-letters', 'the dead-letter queue instead of quarantine')
  .option(
    '--from <url>',
    'an old queue instead of quarantine: one that a change of options or a deleted stage left',
  )
  .option(
    '--dry-run',
    'only tell what --apply would do, by the code of this checkout (on a FIFO queue, with the first of each group)',
  )
  .option('--apply', 'send what is valid now, and remove it from where it was')
  .option('--show', 'print the bodies, too: they hold personal data')
  .addHelpText(
    'after',
    `
Without --dry-run or --apply it only lists: when it was received, the reason, the event type, the integration, and the
event id or the problems.

docs/runbook.md says what is sent where, and which permissions it needs. A message is removed only after SQS confirmed its
copy: whatever interrupts a run, nothing is lost. Looking at a message counts as a receive, and hides it from others until
the run ends; when it is killed, for five minutes, or for twice the time that it took. Ctrl-C ends a run in order, a second
Ctrl-C at once.

AWS_PROFILE and AWS_REGION choose the account and the Region. Exits with 0 when all that was asked for is done, with 130
after Ctrl-C, else with 1.

Examples:
  npm run replay -- --stack veriff-status-receiver-prod
  npm run replay -- --stack veriff-status-receiver-prod --dry-run
  npm run replay -- --stack veriff-status-receiver-prod --apply
  npm run replay -- --stack veriff-status-receiver-prod --dead-letters --apply
  npm run replay -- --stack veriff-status-receiver-prod --from https://sqs.… --apply
  npm run replay -- --local --show`,
  );

const queueUrl = /^https?:\/\/[^/]+\/\d{12}\/[\w-]{1,80}(\.fifo)?$/;
const schema = v.object({
  ...targetEntries,
  dryRun: flag,
  apply: flag,
  deadLetters: flag,
  from: v.optional(
    v.pipe(v.string(), v.regex(queueUrl, 'the URL of a queue as "aws sqs list-queues" prints it')),
  ),
  show: flag,
});

const { options, target } = readTarget(command, schema);
const { dryRun, apply, deadLetters, from, show } = options;
if (dryRun && apply) command.error('expected --dry-run or --apply, got both; leave one out');
if (deadLetters && from) command.error('expected --dead-letters or --from, got both; leave one out');

await mainInOrder(async (signal) => {
  const stack = await findStack(target);
  const print = (text: string) => console.log(text);
  const isDone = await replay({
    stack,
    source: from
      ? await oldQueue(stack, new URL(from))
      : ownQueue(stack, deadLetters ? 'dead-letters' : 'quarantine'),
    action: (apply && 'apply') || (dryRun && 'dry-run') || 'list',
    show,
    signal,
    progress: createProgress(),
    list: print,
    print,
  });
  return isDone ? 0 : 1;
});
