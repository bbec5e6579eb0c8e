import type { ServerResponse } from 'node:http';

/** What may wait for one page; a page that reads more slowly is cut off, and starts anew by itself. */
const BACKLOG = 4 * 1024 * 1024;

/** Server-Sent Events to any number of pages. */
export class EventStream {
  readonly #pages = new Set<ServerResponse>();

  get isWatched(): boolean {
    return this.#pages.size > 0;
  }

  /** The caller has set the headers. */
  open(response: ServerResponse, event: string, data: unknown): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(format(event, data));
    this.#pages.add(response);
    response.on('close', () => this.#pages.delete(response));
  }

  send(event: string, data: unknown): void {
    const text = format(event, data);
    for (const page of this.#pages) {
      if (page.writableLength > BACKLOG) page.destroy();
      else page.write(text);
    }
  }
}

function format(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
