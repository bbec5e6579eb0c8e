import type { Readable } from 'node:stream';
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** The options of both AWS clients; docs/performance.md says how much time they save. */
export const CLIENT_OPTIONS = {
  /** The SDK does not retry, because retry.ts does. */
  maxAttempts: 1,
  /** From the environment variables that Lambda sets: the bundle contains no other credential provider. */
  credentials: fromEnv(),
  streamCollector: collect,
};

/** Reads a whole response body. The SDK's own collector would make Node.js load its implementation of web streams. */
async function collect(body: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
