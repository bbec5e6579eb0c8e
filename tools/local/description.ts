import type { RequestListener } from 'node:http';
import * as v from 'valibot';

/** Beside the webhook; API Gateway has nothing there, and no route of the template can be so named. */
export const DESCRIPTION_PATH = '/_local/stack';

const url = v.pipe(v.string(), v.url());
const time = v.pipe(v.string(), v.isoTimestamp());

/** What another process needs to know of a running local stack. Nothing in it is secret. */
export const description = v.object({
  stackName: v.string(),
  region: v.string(),
  endpoints: v.object({ sqs: url, secretsManager: url }),
  /** As CloudFormation would print them. */
  outputs: v.record(v.string(), v.string()),
  /** When the latest delivery of its kind came; left out while there was none. */
  latest: v.object({ accepted: v.optional(time), mismatched: v.optional(time) }),
});

export type Description = v.InferOutput<typeof description>;

/** Answers at {@link DESCRIPTION_PATH}, and leaves every other request to `webhook`. */
export function describing(what: () => Description, webhook: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method !== 'GET' || request.url !== DESCRIPTION_PATH) return webhook(request, response);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(what()));
  };
}
