import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

export type LoopbackServer = Awaited<ReturnType<typeof serveOnLoopback>>;

/** Names that no public DNS points anywhere; SQS's own URLs here begin with `sqs.us-east-1.localhost`. */
const OWN_HOST = /^(127\.0\.0\.1|([\w-]+\.)*localhost)(:\d{1,5})?$/i;

/**
 * Why a request is not answered, or undefined when it is. A browser on this machine reaches 127.0.0.1, too, so a page
 * of another site could read the secret or write to a queue.
 */
export function objectionTo(request: IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  // DNS rebinding: a name that its owner points at 127.0.0.1 makes their page one of our origin.
  if (!OWN_HOST.test(host)) return `expected the host 127.0.0.1 or localhost, got ${host}`;
  if (origin !== undefined && origin !== `http://${host}`) {
    return `expected a request of this origin, got one of ${origin}`;
  }
  // Following a link is fine; loading something into another page is not.
  if (mode !== 'navigate' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `expected a request of this origin, got one that is ${site}`;
  }
  return undefined;
}

/**
 * Serves on 127.0.0.1 and nowhere else, and only requests that {@link objectionTo} lets pass: what runs here holds a
 * secret and takes commands from anyone who reaches it.
 * @throws Error with the code `EADDRINUSE` when the port is taken.
 */
export async function serveOnLoopback(port: number, listener: RequestListener) {
  const server = createServer((request, response) => {
    const objection = objectionTo(request);
    if (objection === undefined) return listener(request, response);
    response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ error: objection }));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`expected a TCP address after listening, got ${address}`);
  }
  return {
    port: address.port,
    /** `http://127.0.0.1:<port>`, without a slash at the end. */
    origin: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
