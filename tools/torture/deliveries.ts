import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { sign } from '../../functions/receiver/signature.ts';
import { DEFAULT_SAMPLE, readSample } from '../delivery.ts';
import { pick, type Random } from './random.ts';

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Makes what goes over the wire. The session says which event it is, `vendorData` which delivery, on a queue as well. */
export interface Deliveries {
  /** As Veriff signs it. Some events are of a type not known yet. `delivery` tells one try from another. */
  authentic(event: number, delivery: number): Post;
  /** What someone without the key may send. */
  forged(): Post;
}

const sessionOf = (event: number) => `torture-${event}`;
export const FORGED_SESSION = 'forged';
/** Events of an unfamiliar type go to quarantine: one in so many. */
const UNFAMILIAR = 50;
export const isUnfamiliar = (event: number) => event % UNFAMILIAR === 0;

const payload = v.pipe(v.string(), v.parseJson(), v.looseObject({ eventType: v.string() }));

const FORGERIES = ['unsigned', 'malformed', 'other-key', 'altered', 'borrowed'] as const;

export async function createDeliveries(secret: string, random: Random): Promise<Deliveries> {
  const sample = v.parse(payload, new TextDecoder().decode(await readSample(DEFAULT_SAMPLE)));

  const bodyOf = (session: string, delivery = '', eventType = sample.eventType) =>
    JSON.stringify({
      ...sample,
      eventType,
      sessionId: session,
      vendorData: delivery,
      time: new Date().toISOString(),
    });

  const post = (body: string, signature?: string): Post => ({
    headers: {
      'content-type': 'application/json',
      'x-auth-client': 'torture',
      ...(signature !== undefined && { 'x-hmac-signature': signature }),
    },
    body: Buffer.from(body),
  });

  return {
    authentic(event, delivery) {
      const type = isUnfamiliar(event) ? 'user-status.unfamiliar' : undefined;
      const body = bodyOf(sessionOf(event), String(delivery), type);
      return post(body, sign(secret, body));
    },
    forged() {
      const body = bodyOf(FORGED_SESSION);
      switch (pick(random, FORGERIES)) {
        case 'unsigned':
          return post(body);
        case 'malformed':
          return post(body, sign(secret, body).slice(1));
        case 'other-key':
          return post(body, sign(randomUUID(), body));
        case 'altered':
          return post(`${body} `, sign(secret, body));
        case 'borrowed':
          return post(body, sign(secret, bodyOf(sessionOf(1))));
      }
    },
  };
}
