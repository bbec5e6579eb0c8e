import type { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { createCommand, flag, main } from '../cli/command-line.ts';
import { INTERRUPTED, listen } from '../cli/interrupt.ts';
import { createProgress } from '../cli/progress.ts';
import { replay } from './replay/run.ts';
import { oldQueue, ownQueue } from './replay/source.ts';
import { sqsClient } from './sqs-client.ts';
import { findStack, type Stack, type Target } from './stack.ts';
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
  .option('--dry-run', 'validate each message with the code of this checkout, and change nothing')
  .option('--apply', 'send what is valid now, and remove it from where it was')
  .option('--show', 'print the bodies, too: they hold personal data')
  .addHelpText(
    'after',
    `
Without --dry-run or --apply it only lists: when it was received, the reason, the event type, the integration, and the
event id or the problems.

What came from quarantine gets the body, the attributes and the event id that the receiver would have given it. A message
that was accepted once (a dead letter, an old queue's) is sent as it is. What lies on an old quarantine queue and is
still no event goes to the stack's quarantine; what no receiver put there is left alone.

A message is removed only after SQS confirmed its copy: whatever interrupts a run, nothing is lost. At worst it is sent
more than once, with the same event id. Looking at a queue hides what is on it from others. A run shows it again when it
ends; what one that is killed leaves hidden shows up after five minutes (after a long run: after twice its time). Ctrl-C
ends a run in order, a second Ctrl-C at once.

AWS_PROFILE and AWS_REGION choose the account and the Region. Exits with 0 when all that was asked for is done, with 1
when a message could not be sent or removed, with 130 after Ctrl-C.

Examples:
  npm run replay -- --stack veriff-status-receiver-prod
  npm run replay -- --stack veriff-status-receiver-prod --dry-run
  npm run replay -- --stack veriff-status-receiver-prod --apply
  npm run replay -- --stack veriff-status-receiver-prod --dead-letters --apply
  npm run replay -- --stack veriff-status-receiver-prod --from https://sqs.… --apply
  npm run replay -- --local --show`,
  );

const schema = v.object({
  ...targetEntries,
  dryRun: flag,
  apply: flag,
  deadLetters: flag,
  from: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\/[^/]+\/\d{12}\/[\w-]{1,80}(\.fifo)?$/),
      v.transform((url) => new URL(url)),
    ),
  ),
  show: flag,
});
type Options = v.InferOutput<typeof schema>;

function readOptions(): { options: Options; target: Target } {
  const { options, target } = readTarget(command, schema, {
    from: 'the URL of a queue as "aws sqs list-queues" prints it',
  });
  const { dryRun, apply, deadLetters, from } = options;
  if (dryRun && apply) command.error('expected --dry-run or --apply, got both; leave one out');
  if (deadLetters && from !== undefined)
    command.error('expected --dead-letters or --from, got both; leave one out');
  return { options, target };
}

async function sourceOf(client: SQSClient, stack: Stack, { deadLetters, from }: Options) {
  if (from !== undefined) return oldQueue(client, stack, from);
  return ownQueue(stack, deadLetters ? 'dead-letters' : 'quarantine');
}

const interrupt = new AbortController();
listen({ first: () => interrupt.abort() });

const { options, target } = readOptions();
await main(
  async () => {
    const stack = await findStack(target);
    const client = sqsClient(stack.sqs);
    const { apply, dryRun, show } = options;
    const action = apply ? 'apply' : dryRun ? 'dry-run' : 'list';
    const source = await sourceOf(client, stack, options);
    const { signal } = interrupt;
    const progress = createProgress();
    const print = (text: string) => console.log(text);
    const done = await replay({ stack, source, client, action, show, signal, progress, print });
    return interrupt.signal.aborted ? INTERRUPTED : done ? 0 : 1;
  },
  // What this run hides must still be shown again.
  () => interrupt.abort(),
);
