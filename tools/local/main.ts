import { Command } from 'commander';
import * as v from 'valibot';
import { CREDENTIALS, DEFAULT_PORT } from './addresses.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { BusEvent } from './pipe.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { stageHere } from './stage-here.ts';

const command = new Command('npm start --')
  .description('Runs the stack on this machine: the template and the bundle that "cdk deploy" would ship.')
  .option('--port <n>', 'the webhook; Secrets Manager and SQS take the next two ports', String(DEFAULT_PORT))
  .option('--stage <name>', 'with the options of this stage of infra/stages.ts; without it with the defaults')
  .option('--logs', 'print what the function prints')
  .addHelpText(
    'after',
    `
Everything listens on 127.0.0.1 only and is gone when the stack ends. Each delivery is one line: time, outcome, status,
time it took, event id, messages on the queue.`,
  );

const schema = v.object({
  port: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(0), v.maxValue(65_533)),
  logs: v.optional(v.boolean(), false),
  stage: v.optional(v.string()),
});

function readOptions(): v.InferOutput<typeof schema> {
  const result = v.safeParse(schema, command.parse().opts());
  if (result.success) return result.output;
  return command.error(`--port: expected a number from 0 to 65533, got ${command.opts().port}`);
}

function introduction(stack: LocalStack): string {
  const { url, inspectorUrl, queues, secret, sqsEndpoint, region, outputs } = stack;
  const { port } = new URL(url);
  const send = port === String(DEFAULT_PORT) ? 'npm run send' : `npm run send -- --local --port ${port}`;
  const credentials = `AWS_ACCESS_KEY_ID=${CREDENTIALS.accessKeyId} AWS_SECRET_ACCESS_KEY=${CREDENTIALS.secretAccessKey}`;
  return `
Inspector    ${inspectorUrl}
Webhook      ${url}
Secret       ${secret}
Queue        ${queues.main.url}
Dead letters ${queues.deadLetter.url}
Quarantine   ${queues.quarantine.url}

Send an event:
  ${send}
${
  outputs.EventBusName === undefined
    ? `Read it from the queue:
  ${credentials} aws --region ${region} --endpoint-url ${sqsEndpoint} sqs receive-message --message-attribute-names All --queue-url ${queues.main.url}`
    : 'A pipe drains the queue; each event that it puts onto the event bus is a line here.'
}

Ctrl-C ends it. Deliveries:`;
}

async function deliveryLine({ sqs, queues }: LocalStack, record: DeliveryRecord): Promise<string> {
  const { at, outcome, status, ms, eventId, reason, coldStartMs } = record;
  const [main, quarantine, deadLetter] = await Promise.all(
    [queues.main, queues.quarantine, queues.deadLetter].map(({ name }) => sqs.depth(name)),
  );
  const depths = [
    `queue ${main}`,
    ...(quarantine ? [`quarantine ${quarantine}`] : []),
    ...(deadLetter ? [`dead letters ${deadLetter}`] : []),
  ];
  return [
    at.toTimeString().slice(0, 8),
    outcome.padEnd(11),
    String(status),
    `${ms.toFixed(0)} ms`.padStart(8),
    (eventId?.slice(0, 12) ?? '-').padEnd(12),
    depths.join(', '),
    ...(reason === undefined ? [] : [reason]),
    ...(coldStartMs === undefined ? [] : ['(cold start)']),
  ].join('  ');
}

const detail = v.object({ eventId: v.string() });

function busLine(event: BusEvent): string {
  const { eventId } = v.parse(detail, event.detail);
  return `event bus: ${event['detail-type']} from ${event.source}, event id ${eventId.slice(0, 12)}`;
}

function explain(error: unknown, port: number): string {
  const code = Object.getOwnPropertyDescriptor(Object(error), 'code')?.value;
  if (code === 'EADDRINUSE') {
    return `expected ports ${port} to ${port + 2} of 127.0.0.1 to be free, got one in use; end what uses it or choose others with "npm start -- --port ${port + 100}"`;
  }
  return error instanceof Error ? error.message : String(error);
}

const { port, logs, stage } = readOptions();
let stack: LocalStack | undefined;
let printed = Promise.resolve();

const starting = start();

async function start(): Promise<LocalStack> {
  const { options, leftOut } = stage === undefined ? { options: {}, leftOut: [] } : await stageHere(stage);
  if (leftOut.length > 0) console.log(`Only in AWS, and left out here: ${leftOut.join(', ')}.`);
  return startLocalStack({
    port,
    options,
    throttle: true,
    inspector: true,
    ...(logs && { onLog: (line: string) => console.log(line) }),
    onDelivery(record) {
      // One after the other, so that the lines stand in the order of the answers.
      printed = printed.then(async () => {
        if (stack !== undefined) console.log(await deliveryLine(stack, record));
      });
    },
    onBusEvent: (event) => console.log(busLine(event)),
  });
}

let interrupted = false;
const end = async () => {
  if (interrupted) process.exit(130);
  interrupted = true;
  await (await starting.catch(() => undefined))?.stop();
  process.exit(0);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);

try {
  stack = await starting;
  if (!interrupted) console.log(introduction(stack));
} catch (error) {
  console.error(explain(error, port));
  process.exitCode = 1;
}
