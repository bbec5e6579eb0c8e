import { setTimeout as sleep } from 'node:timers/promises';
import { type Delivery, post } from '../../ops/delivery.ts';
import { between, type Random } from '../random.ts';
import type { Deliveries } from './deliveries.ts';

interface SenderOptions {
  readonly url: string;
  readonly deliveries: Deliveries;
  readonly random: Random;
  readonly events: number;
  /** How many deliveries are made of the events; those not accepted by then are tried on until they are. */
  readonly total: number;
  readonly concurrency: number;
  /** Called once `total` deliveries are made. */
  readonly onTotal: () => void;
}

/** What the sender did, and what it was told. */
function emptyTally() {
  return {
    sent: 0,
    /** Answers with 200. */
    acknowledged: 0,
    /** Authentic deliveries answered with 401: none should be. */
    refused: 0,
    /** Answers with 503. */
    unavailable: 0,
    /** Any other answer, or none: the environment was killed. */
    failed: 0,
    /** Tries after an answer that was not 200. */
    retried: 0,
    /** Events sent again by hand although they were acknowledged. */
    resent: 0,
    forged: 0,
    forgedAccepted: 0,
    /** The deliveries answered with 200, by their number, and the event of each. */
    accepted: new Map<number, number>(),
  };
}

const FORGED_SHARE = 0.05;
/** Veriff's hour, compressed. */
const RETRY_MS = { least: 50, most: 2_000 };
/** Veriff's patience. */
const PATIENCE_MS = 5_000;
/** At the end, with nothing in the way any more, the last retries must be through by then. */
const LAST_RETRIES_MS = 60_000;

/** Sends as Veriff does: at least once, again after anything but 200, in no order, and by hand once more. */
export function startSender(options: SenderOptions) {
  const { deliveries, random, events, total, concurrency } = options;
  const url = new URL(options.url);
  const tally = emptyTally();
  /** Events that were acknowledged. */
  const known: number[] = [];
  const isKnown = new Set<number>();
  /** Events to be sent again. */
  const due: number[] = [];
  let fresh = 0;
  let open = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;

  /** The status; undefined: no answer. */
  const statusOf = (delivery: Delivery) =>
    post(url, delivery, PATIENCE_MS).then(
      ({ status }) => status,
      () => undefined,
    );

  async function deliver(event: number): Promise<void> {
    open += 1;
    tally.sent += 1;
    const delivery = tally.sent;
    const status = await statusOf(deliveries.authentic(event, delivery));
    if (status === 200) {
      open -= 1;
      tally.acknowledged += 1;
      tally.accepted.set(delivery, event);
      if (!isKnown.has(event)) known.push(event);
      isKnown.add(event);
      return;
    }
    tally[status === 401 ? 'refused' : status === 503 ? 'unavailable' : 'failed'] += 1;
    const retry = () => {
      open -= 1;
      due.push(event);
    };
    setTimeout(retry, between(random, RETRY_MS.least, RETRY_MS.most));
  }

  async function forge(): Promise<void> {
    tally.sent += 1;
    tally.forged += 1;
    if ((await statusOf(deliveries.forged())) === 200) tally.forgedAccepted += 1;
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

  return { tally, finished: Promise.all(Array.from({ length: concurrency }, work)) };
}

/** Takes one out of a list whose order doesn't matter. */
function takeAny(list: number[], random: Random): number | undefined {
  const index = Math.floor(random() * list.length);
  const last = list.pop();
  const chosen = list[index];
  if (last === undefined || chosen === undefined) return last;
  list[index] = last;
  return chosen;
}
