import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deliveries, Post } from './deliveries.ts';
import { between, type Random } from './random.ts';

export interface SenderOptions {
  readonly url: string;
  readonly deliveries: Deliveries;
  readonly random: Random;
  /** How many events there are. */
  readonly events: number;
  /** How many deliveries are made of them; those not accepted by then are tried on until they are. */
  readonly total: number;
  /** Deliveries under way at a time. */
  readonly concurrency: number;
  /** Called once `total` deliveries are made. */
  readonly onTotal: () => void;
}

/** What the sender did, and what it was told. */
export interface Tally {
  sent: number;
  /** Answers with 200. */
  acknowledged: number;
  /** Authentic deliveries answered with 401: none should be. */
  refused: number;
  /** Answers with 503. */
  unavailable: number;
  /** Any other answer, or none: the environment was killed. */
  failed: number;
  /** Tries after an answer that was not 200. */
  retried: number;
  /** Events sent again by hand although they were acknowledged. */
  resent: number;
  forged: number;
  forgedAccepted: number;
  /** The events answered with 200. */
  readonly events: Set<number>;
  /** The deliveries answered with 200, by their number, and the event of each. */
  readonly accepted: Map<number, number>;
}

const FORGED_SHARE = 0.05;
/** Veriff's hour, compressed. */
const RETRY_MS = { least: 50, most: 2_000 };
/** Veriff's patience. */
const PATIENCE_MS = 5_000;
/** At the end, with nothing in the way any more, the last retries must be through by then. */
const LAST_RETRIES_MS = 60_000;

/** Sends as Veriff does: at least once, again after anything but 200, in no order, and by hand once more. */
export function startSender(options: SenderOptions): { tally: Tally; finished: Promise<void> } {
  const { deliveries, random, events, total, concurrency } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const tally: Tally = {
    ...{ sent: 0, acknowledged: 0, refused: 0, unavailable: 0, failed: 0 },
    ...{ retried: 0, resent: 0, forged: 0, forgedAccepted: 0 },
    ...{ events: new Set(), accepted: new Map() },
  };
  const known: number[] = [];
  const due: number[] = [];
  let fresh = 0;
  let open = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;

  async function deliver(event: number): Promise<void> {
    open += 1;
    tally.sent += 1;
    const delivery = tally.sent;
    const status = await post(options.url, deliveries.authentic(event, delivery), agent);
    open -= 1;
    if (status === 200) {
      tally.acknowledged += 1;
      tally.accepted.set(delivery, event);
      if (!tally.events.has(event)) known.push(event);
      tally.events.add(event);
      return;
    }
    if (status === 401) tally.refused += 1;
    else if (status === 503) tally.unavailable += 1;
    else tally.failed += 1;
    open += 1;
    setTimeout(
      () => {
        open -= 1;
        due.push(event);
      },
      between(random, RETRY_MS.least, RETRY_MS.most),
    );
  }

  async function forge(): Promise<void> {
    tally.sent += 1;
    tally.forged += 1;
    if ((await post(options.url, deliveries.forged(), agent)) === 200) tally.forgedAccepted += 1;
  }

  /** What is sent next; undefined: nothing just now. */
  function next(): Promise<void> | undefined {
    const left = total - tally.sent;
    const retry = takeAny(due, random);
    if (retry !== undefined) {
      tally.retried += 1;
      return deliver(retry);
    }
    // The first deliveries of the events are spread over all of them.
    if (fresh < events && random() * Math.max(left, 1) < events - fresh) {
      fresh += 1;
      return deliver(fresh);
    }
    if (left <= 0) return undefined;
    if (random() < FORGED_SHARE) return forge();
    const again = known[Math.floor(random() * known.length)];
    if (again === undefined) return undefined;
    tally.resent += 1;
    return deliver(again);
  }

  async function work(): Promise<void> {
    while (tally.sent < total || fresh < events || open > 0 || due.length > 0) {
      if (tally.sent >= total && giveUpAt === Number.POSITIVE_INFINITY) {
        giveUpAt = Date.now() + LAST_RETRIES_MS;
        options.onTotal();
      }
      if (Date.now() > giveUpAt) return;
      await (next() ?? sleep(5));
    }
  }

  const finished = Promise.all(Array.from({ length: concurrency }, work)).then(() => agent.destroy());
  return { tally, finished };
}

function takeAny(list: number[], random: Random): number | undefined {
  const index = Math.floor(random() * list.length);
  const last = list.pop();
  const chosen = list[index];
  if (last === undefined || chosen === undefined) return last;
  list[index] = last;
  return chosen;
}

/** The status; undefined: no answer. */
function post(url: string, { headers, body }: Post, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', headers, agent, timeout: PATIENCE_MS });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(undefined));
    outgoing.on('response', (incoming) => {
      text(incoming).then(
        () => resolve(incoming.statusCode),
        () => resolve(undefined),
      );
    });
    outgoing.end(body);
  });
}
