import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';

/** Beside the webhook, where API Gateway has nothing. */
export const DESCRIPTION_PATH = '/_local/stack';

const url = v.pipe(v.string(), v.url());
const time = v.pipe(v.string(), v.isoTimestamp());

/** What another process needs to know of a running local stack. Nothing in it is secret. */
export const description = v.object({
  stackName: v.string(),
  endpoints: v.object({ sqs: url, secretsManager: url }),
  /** As CloudFormation would print them. */
  outputs: v.record(v.string(), v.string()),
  /** When the latest delivery with a right and a wrong signature came, the tools' own left out. In AWS the metrics tell. */
  latest: v.object({ verified: v.optional(time), mismatched: v.optional(time) }),
});

export type Description = v.InferOutput<typeof description>;

/** The function's own log line of a delivery; the answer to a refused sender doesn't say why. */
const logLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.variant('outcome', [
    v.object({
      timestamp: time,
      outcome: v.picklist(['Accepted', 'Quarantined']),
      StoredFromTools: v.optional(v.never()),
    }),
    v.object({
      timestamp: time,
      outcome: v.literal('Refused'),
      reason: v.literal('signature-mismatch'),
      SignatureMismatchFromTools: v.optional(v.never()),
    }),
  ]),
);

/** Answers at {@link DESCRIPTION_PATH} with what it knows of the stack, and of the log that it is given. */
export function createDescription(stack: Omit<Description, 'latest'>) {
  const latest: Description['latest'] = {};
  return {
    readLog(line: string): void {
      const { success, output } = v.safeParse(logLine, line);
      if (success) latest[output.outcome === 'Refused' ? 'mismatched' : 'verified'] = output.timestamp;
    },
    /** False when the request is for something else. */
    answer({ method, url }: IncomingMessage, response: ServerResponse): boolean {
      if (method !== 'GET' || url !== DESCRIPTION_PATH) return false;
      const body: Description = { ...stack, latest };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return true;
    },
  };
}
