import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import type { LocalStack } from '../local/stack.ts';
import { SECURITY_HEADERS } from './access.ts';
import { createHistory } from './history.ts';
import type { PageFile } from './page.ts';
import { GUARD_HEADER, type News, QUEUES, type Refusal, type Sample } from './protocol.ts';
import { readQueue, workOn } from './queue-work.ts';
import { carryOut, OrderError, sendAgain } from './sending.ts';

/** How soon the page learns that a subscriber took a message. */
const DEPTHS_EVERY_MS = 500;
/** What may wait for one page, in bytes. */
const BACKLOG = 64 * 1024 * 1024;

export type Inspector = ReturnType<typeof createInspector>;

type Get = (response: ServerResponse) => unknown;
/** What it gives is the answer, as JSON. */
type Post = (order: unknown) => Promise<unknown>;

/** What a page is told of a running stack, and may do with it. */
export function createInspector(
  stack: LocalStack,
  page: ReadonlyMap<string, PageFile>,
  samples: readonly Sample[],
) {
  const url = new URL(stack.url);
  const history = createHistory();
  const pages = new Set<ServerResponse>();
  let told = '';

  const tell = (news: Partial<News>) => {
    for (const reader of pages) {
      // One that reads too slowly is cut off, and starts anew by itself.
      if (reader.writableLength > BACKLOG) reader.destroy();
      else reader.write(eventOf(news));
    }
  };
  const readDepths = async (): Promise<News['depths']> => {
    const depth = ({ name }: { name: string }) => stack.sqs.depth(name);
    const { main, quarantine, deadLetter } = stack.queues;
    return {
      main: await depth(main),
      quarantine: await depth(quarantine),
      deadLetter: await depth(deadLetter),
    };
  };
  const tellDepths = async () => {
    if (pages.size === 0) return;
    const depths = await readDepths();
    if (told !== JSON.stringify(depths)) tell({ depths });
    told = JSON.stringify(depths);
  };
  const open = async (response: ServerResponse) => {
    const depths = await readDepths();
    // Nothing may come between what is read here and what is told later, or the page would miss it.
    const [deliveries, counts] = [history.deliveries(), history.counts()];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf({ url: url.href, samples, depths, deliveries, counts }));
    pages.add(response);
    response.on('close', () => pages.delete(response));
    told = '';
  };
  // The service may be gone already while the stack stops: then there is nothing to tell.
  const timer = setInterval(() => tellDepths().catch(() => {}), DEPTHS_EVERY_MS).unref();

  const gets = new Map<string, Get>();
  for (const [path, { type, content }] of page) {
    gets.set(path, (response) => response.writeHead(200, { 'content-type': type }).end(content));
  }
  gets.set('/_inspector/events', open);
  const posts = new Map<string, Post>();
  posts.set('/_inspector/send', (order) => carryOut(order, url, () => secretOf(stack)));
  posts.set('/_inspector/again', async (id) => {
    const record = history.record(String(id));
    if (record?.event === undefined) throw new Error('expected a delivery that is still shown, got none');
    return sendAgain(record, url);
  });
  posts.set('/_inspector/clear', async () => {
    history.clear();
    tell({ deliveries: [], counts: {} });
  });
  for (const key of QUEUES) {
    gets.set(`/_inspector/queues/${key}`, async (response) =>
      json(response, 200, await readQueue(stack, key)),
    );
    posts.set(`/_inspector/queues/${key}`, (order) => workOn(stack, key, order));
  }

  return {
    /** Answers a request for the page or its API; false when it is for neither, and nothing was answered. */
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      const [path = ''] = (request.url ?? '').split('?', 1);
      const get = request.method === 'GET' ? gets.get(path) : undefined;
      const post = request.method === 'POST' ? posts.get(path) : undefined;
      if (get === undefined && post === undefined) return false;
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      const work = async () => (post === undefined ? get?.(response) : take(request, response, post));
      work().catch(() => response.destroy());
      return true;
    },
    delivered(record: DeliveryRecord): void {
      const delivery = history.delivered(record);
      tell({ delivery, counts: history.counts() });
      tellDepths().catch(() => {});
    },
    logged(line: string): void {
      const delivery = history.logged(line);
      if (delivery !== undefined) tell({ delivery });
    },
    stop: () => clearInterval(timer),
  };
}

/** Of Server-Sent Events. */
function eventOf(news: Partial<News>): string {
  return `data: ${JSON.stringify(news)}\n\n`;
}

async function take(request: IncomingMessage, response: ServerResponse, post: Post): Promise<void> {
  if (request.headers[GUARD_HEADER] === undefined) {
    return json(response, 403, { error: `expected the header ${GUARD_HEADER}, got none` });
  }
  try {
    json(response, 200, (await post(JSON.parse(await text(request)))) ?? null);
  } catch (error) {
    const field = error instanceof OrderError ? error.field : undefined;
    const refusal: Refusal = { error: error instanceof Error ? error.message : String(error), field };
    json(response, 400, refusal);
  }
}

/** As it is stored now: whoever tries a rotation stores another. */
function secretOf({ secrets, secretName }: LocalStack): string {
  const { value } = secrets.get(secretName);
  return 'SecretString' in value ? value.SecretString : '';
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
