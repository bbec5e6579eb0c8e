import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { sentenceOf } from '../cli/failure.ts';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../local/stack.ts';
import { post, type WebhookRequest } from '../ops/delivery.ts';
import { createHistory, type Fate } from './history.ts';
import { buildPage } from './page.ts';
import { GUARD_HEADER, type News, OrderError, QUEUES } from './protocol.ts';
import { readDepths, readQueue, workOn } from './queue-work.ts';
import { readOrder, readSamples } from './sending.ts';

/** What is shown comes from whoever sends a delivery. Pico draws its icons as data URLs. */
const CONTENT_SECURITY_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;
 connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';
 require-trusted-types-for 'script'; trusted-types 'none'`;
const SECURITY_HEADERS = new Headers({
  'content-security-policy': CONTENT_SECURITY_POLICY.replaceAll('\n', ''),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
});

export type InspectedStack = Awaited<ReturnType<typeof startInspectedStack>>;

/** The local stack, with a page at `/` of the webhook's port that shows what happens. */
export async function startInspectedStack(options: LocalStackOptions = {}) {
  let inspector: Awaited<ReturnType<typeof createInspector>> | undefined;
  const stack = await startLocalStack({
    ...options,
    beside: (request, response) => inspector?.answer(request, response) ?? false,
    onDelivery(record) {
      inspector?.delivered(record);
      options.onDelivery?.(record);
    },
    onLog(line) {
      inspector?.logged(line);
      options.onLog?.(line);
    },
  });
  inspector = await createInspector(stack);
  return { ...stack, inspectorUrl: new URL('/', stack.url).href };
}

/** What a page is told of a running stack, and may do with it. */
export async function createInspector(stack: LocalStack) {
  const [page, samples] = await Promise.all([buildPage(), readSamples()]);
  const url = new URL(stack.url);
  const history = createHistory();
  const pages = new Set<ServerResponse>();

  const tell = (news: Partial<News>, readers: Iterable<ServerResponse> = pages) => {
    for (const reader of readers) reader.write(`data: ${JSON.stringify(news)}\n\n`);
  };
  /** Sends through the webhook's own URL. */
  const send = async (delivery: WebhookRequest): Promise<Fate> => {
    const { headers } = await post(url, delivery);
    return history.fate(headers.get('apigw-requestid') ?? '');
  };

  /** By method and path. */
  const routes = new Map<string, RequestListener>();
  for (const { name, type = '', contents } of page) {
    const path = name === 'index.html' ? '/' : `/_inspector/${name}`;
    routes.set(`GET ${path}`, (_, response) => {
      response.writeHead(200, { 'content-type': type }).end(contents);
    });
  }
  /** A stream of Server-Sent Events. */
  routes.set('GET /_inspector/events', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const [deliveries, counts] = [history.deliveries(), history.counts()];
    tell({ url: url.href, samples, deliveries, counts }, [response]);
    pages.add(response);
    response.on('close', () => pages.delete(response));
  });
  const onRead = (path: string, read: () => Promise<unknown>) =>
    routes.set(`GET /_inspector/${path}`, (_, response) => answer(response, read));
  const onOrder = (path: string, carryOut: (order: unknown) => Promise<unknown>) =>
    routes.set(`POST /_inspector/${path}`, (request, response) => {
      if (request.headers[GUARD_HEADER] === undefined) {
        return json(response, 403, { error: `expected the header ${GUARD_HEADER}, got none` });
      }
      return answer(response, async () => carryOut(JSON.parse(await text(request))));
    });

  onOrder('send', async (order) => {
    const { delivery, count } = await readOrder(order, stack);
    const sent: Fate[] = [];
    while (sent.length < count) sent.push(await send(delivery));
    return sent;
  });
  onOrder('again', async (id) => send(history.again(String(id))));
  onOrder('clear', async () => {
    history.clear();
    tell({ deliveries: [], counts: {} });
  });
  onRead('queues', () => readDepths(stack));
  for (const key of QUEUES) {
    onRead(`queues/${key}`, () => readQueue(stack, key));
    onOrder(`queues/${key}`, (order) => workOn(stack, key, order));
  }

  return {
    /** Answers a request for the page or its API; false when it is for neither, and nothing was answered. */
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      const [path] = (request.url ?? '').split('?', 1);
      const route = routes.get(`${request.method} ${path}`);
      if (route === undefined) return false;
      response.setHeaders(SECURITY_HEADERS);
      route(request, response);
      return true;
    },
    delivered(record: DeliveryRecord): void {
      const delivery = history.delivered(record);
      tell({ delivery, counts: history.counts() });
    },
    logged(line: string): void {
      const delivery = history.logged(line);
      if (delivery !== undefined) tell({ delivery });
    },
  };
}

/** With what the work gives, or with what it threw. */
async function answer(response: ServerResponse, work: () => Promise<unknown>): Promise<void> {
  try {
    json(response, 200, (await work()) ?? null);
  } catch (error) {
    const field = error instanceof OrderError ? error.field : undefined;
    json(response, 400, { error: sentenceOf(error), field });
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
