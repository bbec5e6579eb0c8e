import type { IncomingMessage, ServerResponse } from 'node:http';
import { sampleNames } from '../../delivery.ts';
import type { DeliveryRecord } from '../delivery-record.ts';
import type { SecretStore } from '../secret-store.ts';
import type { LocalSqs } from '../sqs.ts';
import type { PlannedQueue } from '../template.ts';
import { objectionTo, SECURITY_HEADERS } from './access.ts';
import { History } from './history.ts';
import { buildPage } from './page.ts';
import type { Depths, QueueKey, Snapshot, StackDescription } from './protocol.ts';
import { QUEUES } from './protocol.ts';
import { readQueue } from './queue-contents.ts';
import { carryOut } from './sending.ts';
import { EventStream } from './stream.ts';

/** How soon the page learns that a subscriber took a message. */
const DEPTHS_EVERY_MS = 500;
const LARGEST_ORDER = 64 * 1024;

/** The running stack; its function comes later. */
export interface InspectedStack extends Omit<StackDescription, 'queues'> {
  readonly queues: Readonly<Record<QueueKey, PlannedQueue>>;
  readonly sqs: LocalSqs;
  readonly secrets: SecretStore;
}

export interface Inspector {
  /** Answers a request for the page or its API; false when it is for neither, and nothing was answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  delivered(record: DeliveryRecord): void;
  logged(line: string): void;
  stop(): void;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => Promise<void> | void;

/** A page that shows what the local stack does. It stands on the webhook's port, beside the route. */
export async function createInspector(stack: InspectedStack): Promise<Inspector> {
  const { sqs, queues } = stack;
  const [page, samples] = await Promise.all([buildPage(), sampleNames()]);
  const history = new History();
  const stream = new EventStream();
  const description = describe(stack);
  let told = '';

  const depths = async (): Promise<Depths> => {
    const [main = 0, quarantine = 0, deadLetter = 0] = await Promise.all(
      QUEUES.map((key) => sqs.depth(queues[key].name)),
    );
    return { main, quarantine, deadLetter };
  };
  const tellDepths = async () => {
    if (!stream.isWatched) return;
    const found = await depths();
    if (told !== JSON.stringify(found)) stream.send('depths', found);
    told = JSON.stringify(found);
  };
  // The service may be gone already while the stack stops: then there is nothing to tell.
  const timer = setInterval(() => tellDepths().catch(() => {}), DEPTHS_EVERY_MS).unref();

  const routes = new Map<string, Answer>();
  for (const [path, { type, content }] of page) {
    routes.set(
      `GET ${path}`,
      (response) => void response.writeHead(200, { 'content-type': type }).end(content),
    );
  }
  routes.set('GET /_inspector/stack', (response) => json(response, 200, description));
  routes.set('GET /_inspector/events', async (response) => {
    const now = await depths();
    // Nothing may come between the snapshot and the stream, or the page would miss it.
    const snapshot: Snapshot = { stack: description, samples, depths: now, deliveries: history.summaries() };
    stream.open(response, 'snapshot', snapshot);
    told = '';
  });
  routes.set('POST /_inspector/send', async (response, request) => {
    try {
      const order: unknown = JSON.parse(await readText(request));
      json(response, 200, await carryOut(order, new URL(stack.url), () => secretOf(stack)));
    } catch (error) {
      json(response, 400, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  for (const key of QUEUES) {
    routes.set(`GET /_inspector/queues/${key}`, async (response) =>
      json(response, 200, await readQueue(sqs, queues[key].name)),
    );
  }

  const find = (request: IncomingMessage): Answer | undefined => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const known = routes.get(`${request.method} ${path}`);
    const details = /^\/_inspector\/deliveries\/([^/]+)$/.exec(path)?.[1];
    if (known !== undefined || details === undefined || request.method !== 'GET') return known;
    const found = history.details(details);
    return (response) =>
      found === undefined
        ? json(response, 404, { error: 'expected one of the latest deliveries, got none of this id' })
        : json(response, 200, found);
  };

  return {
    answer(request, response) {
      const found = find(request);
      if (found === undefined) return false;
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      const objection = objectionTo(request);
      if (objection === undefined) Promise.resolve(found(response, request)).catch(() => response.destroy());
      else json(response, 403, { error: objection });
      return true;
    },
    delivered(record) {
      stream.send('delivery', history.delivered(record));
      tellDepths().catch(() => {});
    },
    logged(line) {
      for (const summary of history.logged(line)) stream.send('delivery', summary);
    },
    stop: () => clearInterval(timer),
  };
}

function describe(stack: InspectedStack): StackDescription {
  const { url, region, sqsEndpoint, secretsEndpoint, secretName, outputs, queues } = stack;
  const { main, quarantine, deadLetter } = queues;
  return {
    url,
    region,
    sqsEndpoint,
    secretsEndpoint,
    secretName,
    queues: { main: main.url, quarantine: quarantine.url, deadLetter: deadLetter.url },
    outputs,
  };
}

/** As it is stored now: whoever tries a rotation stores another. */
function secretOf({ secrets, secretName }: InspectedStack): string {
  const { value } = secrets.get(secretName);
  return 'SecretString' in value ? value.SecretString : '';
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_ORDER) throw new Error(`expected up to ${LARGEST_ORDER} bytes, got more`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
