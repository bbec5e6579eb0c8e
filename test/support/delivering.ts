import * as v from 'valibot';
import { expect } from 'vitest';
import type { LocalStack } from '../../tools/local/stack.ts';
import { plain } from './messages.ts';
import { type Webhook, webhook } from './webhook.ts';

/** Sends a webhook as Veriff would, and gives the whole answer. */
export async function deliver(url: string, options: Webhook = {}) {
  const { body, headers } = webhook(options);
  const response = await fetch(url, { method: 'POST', body: Buffer.from(body), headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const logged = v.pipe(v.string(), v.parseJson(), v.looseObject({ outcome: v.string() }));
const answered = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Sends one delivery after the other, and says all that each led to. `lines` gets what the function prints. */
export function delivering(stack: LocalStack, lines: string[]) {
  async function taken(queue: 'main' | 'quarantine') {
    const { messages } = await stack.sqs.inspect(stack.queues[queue].name);
    await stack.sqs.purge(stack.queues[queue].url);
    return messages.ready.map(plain);
  }

  return async (options: Webhook = {}) => {
    lines.length = 0;
    const { status, text } = await deliver(stack.url, options);
    const outcomes = () =>
      lines
        .map((line) => v.safeParse(logged, line))
        .flatMap(({ success, output }) => (success ? [output] : []));
    await expect.poll(outcomes).toHaveLength(1);
    const [line] = outcomes();
    const [main, quarantine] = [await taken('main'), await taken('quarantine')];
    return { status, answer: v.parse(answered, text), line, main, quarantine };
  };
}
