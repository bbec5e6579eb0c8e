import * as v from 'valibot';
import { createCommand, flag, main, readOptions, text, wholeNumber } from '../cli/command-line.ts';
import { nameOf, sentenceOf } from '../cli/failure.ts';
import { listen } from '../cli/interrupt.ts';
import { DEFAULT_PORT } from '../local/addresses.ts';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import type { BusEvent } from '../local/pipe.ts';
import { stageHere } from '../local/stage-here.ts';
import { targetFlags } from '../ops/target.ts';
import { type InspectedStack, startInspectedStack } from './inspector.ts';
import { readDepths } from './queue-work.ts';

const command = createCommand('npm start')
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

const { port, logs, stage } = readOptions(
  command,
  v.object({ port: wholeNumber(0, 65_533), logs: flag, stage: text }),
);

function introduction({ url, inspectorUrl, queues, secret, outputs }: InspectedStack): string {
  const flags = targetFlags({ localPort: Number(new URL(url).port) });
  return `
Inspector    ${inspectorUrl}
Webhook      ${url}
Secret       ${secret}
Queue        ${queues.main.url}
Dead letters ${queues.deadLetter.url}
Quarantine   ${queues.quarantine.url}

Send an event:
  npm run send -- ${flags}
${
  outputs.EventBusName === undefined
    ? `Read it from the queue:
  npm run receive -- ${flags}`
    : 'A pipe drains the queue; each event that it puts onto the event bus is a line here.'
}

Ctrl-C ends it. Deliveries:`;
}

async function deliveryLine(stack: InspectedStack, record: DeliveryRecord): Promise<string> {
  const { at, outcome, status, ms, eventId = '-', reason, coldStartMs } = record;
  const { main, quarantine, deadLetter } = await readDepths(stack);
  const depths = [
    `queue ${main}`,
    quarantine > 0 && `quarantine ${quarantine}`,
    deadLetter > 0 && `dead letters ${deadLetter}`,
  ];
  const columns = [
    at.toTimeString().slice(0, 8),
    outcome.padEnd(11),
    String(status),
    `${ms.toFixed(0)} ms`.padStart(8),
    eventId.slice(0, 12).padEnd(12),
    depths.filter(Boolean).join(', '),
    reason,
    coldStartMs !== undefined && '(cold start)',
  ];
  return columns.filter(Boolean).join('  ');
}

const detail = v.object({ eventId: v.string() });

function busLine(event: BusEvent): string {
  const { eventId } = v.parse(detail, event.detail);
  return `event bus: ${event['detail-type']} from ${event.source}, event id ${eventId.slice(0, 12)}`;
}

const starting = start();
let printed = Promise.resolve();

async function start(): Promise<InspectedStack> {
  const { options, leftOut } = stage === undefined ? { options: {}, leftOut: [] } : await stageHere(stage);
  if (leftOut.length > 0) console.log(`Only in AWS, and left out here: ${leftOut.join(', ')}.`);
  return startInspectedStack({
    port,
    options,
    throttle: true,
    ...(logs && { onLog: (line: string) => console.log(line) }),
    onDelivery(record) {
      // One after the other, so that the lines stand in the order of the answers.
      printed = printed
        .then(async () => console.log(await deliveryLine(await starting, record)))
        .catch((error) => {
          if (!interrupted) console.error(sentenceOf(error));
        });
    },
    onBusEvent: (event) => console.log(busLine(event)),
  });
}

let interrupted = false;
listen({
  async first() {
    interrupted = true;
    await (await starting.catch(() => undefined))?.stop();
    process.exit(0);
  },
});

await main(async () => {
  const stack = await starting.catch((error) => {
    // What Ctrl-C cut off has failed because of that.
    if (interrupted) return undefined;
    if (nameOf(error) !== 'EADDRINUSE') throw error;
    throw new Error(
      `expected ports ${port} to ${port + 2} of 127.0.0.1 to be free, got one in use; end what uses it or choose others with "npm start -- --port ${port + 100}"`,
    );
  });
  if (stack !== undefined && !interrupted) console.log(introduction(stack));
  return 0;
});
