import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';

export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Serves on 127.0.0.1 and nowhere else: what runs here holds a secret and takes commands from anyone who reaches it.
 * @throws Error with the code `EADDRINUSE` when the port is taken.
 */
export async function serveOnLoopback(port: number, listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  await listen(server, port);
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error(`expected a TCP address after listening, got ${address}`);
  }
  return {
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    stop: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
