import { startSqs } from '../../tools/local/sqs.ts';
import { plain } from './messages.ts';

export const MAIN = 'main';
export const QUARANTINE = 'quarantine';
export const REGION = 'us-east-1';

/** Two queues that speak SQS's wire protocol, read without receiving. */
export async function startQueues() {
  const sqs = await startSqs();
  const urls = { [MAIN]: urlOf(MAIN), [QUARANTINE]: urlOf(QUARANTINE) };
  await create();

  function urlOf(name: string): string {
    return `${sqs.endpoint}/000000000000/${name}`;
  }

  async function create(attributes: Record<string, string> = {}) {
    for (const [name, url] of Object.entries(urls)) {
      await sqs.createQueue({
        name,
        url,
        arn: `arn:aws:sqs:${REGION}:000000000000:${name}`,
        attributes,
      });
    }
  }

  return {
    endpoint: sqs.endpoint,
    urls,
    stop: sqs.stop,
    /** Empties both queues. */
    reset: async () => {
      for (const url of Object.values(urls)) await sqs.purge(url);
    },
    /** The messages of a queue: bodies and attributes. */
    messages: async (name: typeof MAIN | typeof QUARANTINE) => {
      const { messages } = await sqs.inspect(name);
      return messages.ready.map(plain);
    },
  };
}
