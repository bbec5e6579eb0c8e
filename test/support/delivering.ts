import * as v from 'valibot';
import { expect } from 'vitest';
import type { LocalStack } from '../../tools/local/stack.ts';
import { type Webhook, webhook } from './webhook.ts';

const logged = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ message: v.looseObject({ outcome: v.string() }) }),
);
const answered = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Sends one delivery after the other, and says all that each led to. `lines` gets what the function prints. */
export function delivering(stack: LocalStack, lines: string[]) {
  async function taken(queue: 'main' | 'quarantine') {
    const { messages } = await stack.sqs.inspect(stack.queues[queue].name);
    await stack.sqs.purge(stack.queues[queue].url);
    return messages.ready.map(({ body, messageAttributes }) => ({
      body,
      attributes: Object.fromEntries(
        Object.entries(messageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    }));
  }

  return async function deliver(options: Webhook = {}) {
    lines.length = 0;
    const { body, headers } = webhook(options);
    const response = await fetch(stack.url, { method: 'POST', body: Buffer.from(body), headers });
    const answer = v.parse(answered, await response.text());
    const outcomes = () =>
      lines
        .map((line) => v.safeParse(logged, line))
        .flatMap(({ success, output }) => (success ? [output.message] : []));
    await expect.poll(outcomes, { timeout: 20_000 }).toHaveLength(1);
    const [line] = outcomes();
    return {
      status: response.status,
      answer,
      line,
      main: await taken('main'),
      quarantine: await taken('quarantine'),
    };
  };
}
