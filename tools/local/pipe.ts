import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { sentenceOf } from '../cli/failure.ts';
import { printable } from '../cli/printable.ts';
import { localClient } from './addresses.ts';
import type { Plan } from './template.ts';

/** An event as rules on the bus see it, without what EventBridge itself adds (id, time, account). */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

const AGAIN_AFTER_MS = 1_000;

/** Does what an EventBridge pipe does: receives from its queue, transforms, puts onto the bus, and only then deletes. */
export function startPipe(
  pipe: Plan['pipes'][number],
  sqsEndpoint: string,
  put: (event: BusEvent) => void,
  tell: (line: string) => void = console.error,
) {
  const { queueUrl: QueueUrl, BatchSize, InputTemplate, EventBridgeEventBusParameters: bus } = pipe;
  const sqs = new SQSClient(localClient(sqsEndpoint));
  const stopping = new AbortController();
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: BatchSize,
    MessageAttributeNames: ['All'],
    WaitTimeSeconds: 20,
  });

  async function drain(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const { Messages = [] } = await sqs.send(receive, { abortSignal: stopping.signal });
        for (const message of Messages) {
          const event = toEvent(message);
          if (event === undefined) continue;
          put(event);
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        tell(printable(`event bus: the pipe goes on after an error: ${sentenceOf(error)}`));
        await sleep(AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  /** Undefined, with a line that says so, for a message that lacks what the pipe names: it comes again, as in AWS. */
  function toEvent(message: Message): BusEvent | undefined {
    try {
      const record = toRecord(message);
      const detail = transform(InputTemplate, record);
      return { source: bus.Source, 'detail-type': parameterOf(bus.DetailType, record), detail };
    } catch (error) {
      tell(printable(`event bus: the message ${message.MessageId} stays on the queue: ${sentenceOf(error)}`));
      return undefined;
    }
  }

  const drained = drain();
  return {
    async stop(): Promise<void> {
      stopping.abort();
      await drained;
      sqs.destroy();
    },
  };
}

/** A target's parameter: a value, or the path of one. Source: "Amazon EventBridge Pipes targets", "Dynamic path parameters". */
function parameterOf(parameter: string, record: Readonly<Record<string, unknown>>): string {
  return parameter.startsWith('$.') ? String(at(parameter.slice(2), record)) : parameter;
}

/** @throws Error for a path that the record does not have: what a pipe does then is not documented. */
function at(path: string, record: Readonly<Record<string, unknown>>): unknown {
  const value = path.split('.').reduce<unknown>((inside, name) => Reflect.get(Object(inside), name), record);
  if (value !== undefined) return value;
  throw new Error(`expected the message to have ${path}, which the pipe names`);
}

/**
 * Fills a pipe's input template. A path in quotes gives text, one without gives JSON; a body of JSON is read as such.
 * Source: EventBridge user guide, "Amazon EventBridge Pipes input transformation".
 * @throws Error for a path that the record does not have.
 */
export function transform(template: string, record: Readonly<Record<string, unknown>>): unknown {
  const filled = template.replace(/("?)<\$\.([\w.]+)>\1/g, (_, quote: string, path: string) => {
    const value = at(path, record);
    return JSON.stringify(quote === '' ? value : String(value));
  });
  return JSON.parse(filled);
}

/** What our templates read of the record that a pipe makes of a message; the body is read if it is JSON. */
function toRecord({ Body = '', MessageAttributes = {} }: Message) {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    { dataType: DataType, stringValue: StringValue },
  ]);
  const json = v.safeParse(v.pipe(v.string(), v.parseJson()), Body);
  return {
    body: json.success ? json.output : Body,
    messageAttributes: Object.fromEntries(attributes),
  };
}
