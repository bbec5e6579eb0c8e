import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../../../tools/ops/delivery.ts';
import { between, type Random } from '../../support/random.ts';
import { authentic, forged, queueOf } from './deliveries.ts';

interface SenderOptions {
  readonly url: string;
  readonly random: Random;
  /** How many distinct events there are. */
  readonly events: number;
  /** How many deliveries are made of the events; those not accepted by then are tried on until they are. */
  readonly total: number;
  /** How many deliveries are under way at a time. */
  readonly concurrency: number;
  readonly onSent: (sent: number) => void;
  /** Called once `total` deliveries are made. */
  readonly onTotal: () => void;
}

const FORGED_SHARE = 0.05;
/** Veriff's hour, compressed. */
const RETRY_MS = [50, 2_000] as const;
/** Veriff's patience. */
const PATIENCE_MS = 5_000;
/** At the end, with nothing in the way any more, the last retries must be through by then. */
const LAST_RETRIES_MS = 60_000;

/** Sends as Veriff does: at least once, again after anything but 200, in no order, and by hand once more. */
export function startSender({ url, random, events, total, ...options }: SenderOptions) {
  /** What was sent, and how it was answered. */
  const tally = {
    sent: 0,
    accepted: 0,
    /** Authentic deliveries answered with 401: none should be. */
    refused: 0,
    unavailable: 0,
    /** Any other answer, or none: the environment was killed. */
    failed: 0,
    /** Tries after an answer that was not 200. */
    retried: 0,
    /** Events sent again by hand although they were acknowledged. */
    resent: 0,
    forged: 0,
    forgedAccepted: 0,
  };
  /** The queue on which each accepted delivery must be, and its number. */
  const stored: string[] = [];
  /** Events that were acknowledged. */
  const known = new Set<number>();
  /** Events to be sent again. */
  const due: number[] = [];
  let fresh = 0;
  let open = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;

  /** The status; undefined: no answer. */
  function send({ headers, body }: ReturnType<typeof forged>): Promise<number | undefined> {
    tally.sent += 1;
    options.onSent(tally.sent);
    return post(new URL(url), { headers, body: Buffer.from(body) }, PATIENCE_MS).then(
      ({ status }) => status,
      () => undefined,
    );
  }

  async function deliver(event: number): Promise<void> {
    open += 1;
    const delivery = tally.sent + 1;
    const status = await send(authentic(event, delivery));
    if (status === 200) {
      open -= 1;
      tally.accepted += 1;
      stored.push(`${queueOf(event)} ${delivery}`);
      known.add(event);
      return;
    }
    tally[status === 401 ? 'refused' : status === 503 ? 'unavailable' : 'failed'] += 1;
    const retry = () => {
      open -= 1;
      due.push(event);
    };
    setTimeout(retry, between(random, ...RETRY_MS));
  }

  async function forge(): Promise<void> {
    tally.forged += 1;
    if ((await send(forged(random))) === 200) tally.forgedAccepted += 1;
  }

  /** Sends one delivery; undefined: there is none to send just now. */
  function sendNext(): Promise<void> | undefined {
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
    const again = Math.ceil(random() * fresh);
    if (!known.has(again)) return undefined;
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
      await (sendNext() ?? sleep(5));
    }
  }

  return { tally, stored, known, finished: Promise.all(Array.from({ length: options.concurrency }, work)) };
}

/** Takes one out of a list. */
function takeAny(list: number[], random: Random): number | undefined {
  return list.splice(Math.floor(random() * list.length), 1)[0];
}
