import type { Readable } from 'node:stream';
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** What both clients of AWS are made with; docs/performance.md has what it is worth. */
export const CLIENT_OPTIONS = {
  /** attempt.ts tries again, inside the deadline. */
  maxAttempts: 1,
  /** The variables that Lambda sets: the bundle knows no other credentials. */
  credentials: fromEnv(),
  streamCollector: collect,
};

/** All of an answer's body. The SDK's own asks first whether it is a web stream, for which Node.js loads all of them. */
async function collect(body: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
