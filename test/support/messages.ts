import type { LocalSqs } from '../../tools/local/sqs.ts';

type Contents = Awaited<ReturnType<LocalSqs['inspect']>>['messages'];

/** A message's body and the texts of its attributes. */
export function plain({ body, messageAttributes }: Contents['ready'][number]) {
  const texts = Object.entries(messageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
  return { body, attributes: Object.fromEntries(texts) };
}
