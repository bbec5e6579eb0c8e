import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import * as v from 'valibot';
import { sentenceOf } from './failure.ts';
import { DEFAULT_PORT } from './local/addresses.ts';
import { createProgress } from './progress.ts';
import { replayDeadLetters } from './replay/run-dead-letters.ts';
import { replayQuarantine } from './replay/run-quarantine.ts';
import { findStack, type Target } from './stack.ts';

const command = new Command('npm run replay --')
  .description(
    'Lists the authentic deliveries that the receiver could not use, and sends those that are valid now to the queue.',
  )
  .option('--stack <name>', 'the stack in AWS')
  .option('--local', 'the stack that "npm start" runs on this machine')
  .option('--port <n>', "with --local: the webhook's port", String(DEFAULT_PORT))
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

const flag = v.optional(v.boolean(), false);
const schema = v.object({
  stack: v.optional(v.pipe(v.string(), v.nonEmpty())),
  local: flag,
  port: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(1), v.maxValue(65_535)),
  dryRun: flag,
  apply: flag,
  deadLetters: flag,
  show: flag,
});
type Options = v.InferOutput<typeof schema>;

function readOptions(): { options: Options; target: Target } {
  const result = v.safeParse(schema, command.parse().opts());
  if (!result.success) {
    const name = String(v.getDotPath(result.issues[0]));
    return command.error(
      `--${name}: expected ${EXPECTED[name]}, got ${JSON.stringify(command.opts()[name])}`,
    );
  }
  const options = result.output;
  const { stack, local, dryRun, apply, deadLetters, show } = options;
  if (stack !== undefined && local) command.error('expected --stack or --local, got both; leave one out');
  if (dryRun && apply) command.error('expected --dry-run or --apply, got both; leave one out');
  if (deadLetters && show) command.error('expected --dead-letters without --show, got both; leave one out');
  if (stack !== undefined) return { options, target: { name: stack } };
  if (local) return { options, target: { localPort: options.port } };
  return command.error('expected --stack or --local, got neither; name the stack with --stack <name>');
}

const EXPECTED: Readonly<Record<string, string>> = {
  port: 'a number from 1 to 65535',
  stack: 'the name of a stack',
};

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
