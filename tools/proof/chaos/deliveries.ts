import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { buildDelivery, DEFAULT_SAMPLE, readSample } from '../../ops/delivery.ts';
import { pick, type Random } from '../random.ts';

/** Makes what goes over the wire. The session says which event it is, `vendorData` which delivery, on a queue as well. */
export type Deliveries = Awaited<ReturnType<typeof createDeliveries>>;

export const FORGED_SESSION = 'forged';
/** Events of an unfamiliar type go to quarantine: one in so many. */
const UNFAMILIAR = 50;
export const isUnfamiliar = (event: number) => event % UNFAMILIAR === 0;

const payload = v.pipe(v.string(), v.parseJson(), v.looseObject({}));

export async function createDeliveries(secret: string, random: Random) {
  const sample = v.parse(payload, new TextDecoder().decode(await readSample(DEFAULT_SAMPLE)));

  const bodyOf = (sessionId: string, changes: object = {}) =>
    new TextEncoder().encode(
      JSON.stringify({ ...sample, sessionId, ...changes, time: new Date().toISOString() }),
    );
  const sessionOf = (event: number) => `chaos-${event}`;

  const forgeries = {
    unsigned: () => buildDelivery(bodyOf(FORGED_SESSION), {}),
    malformed() {
      const { headers, body } = buildDelivery(bodyOf(FORGED_SESSION), { secret });
      return {
        headers: { ...headers, 'x-hmac-signature': headers['x-hmac-signature']?.slice(1) ?? '' },
        body,
      };
    },
    otherKey: () => buildDelivery(bodyOf(FORGED_SESSION), { secret: randomUUID() }),
    altered: () => buildDelivery(bodyOf(FORGED_SESSION), { secret, tamper: true }),
    borrowed: () => ({ ...buildDelivery(bodyOf(sessionOf(1)), { secret }), body: bodyOf(FORGED_SESSION) }),
  };

  return {
    /** As Veriff signs it. Some events are of a type not known yet. `delivery` tells one try from another. */
    authentic: (event: number, delivery: number) =>
      buildDelivery(
        bodyOf(sessionOf(event), {
          vendorData: String(delivery),
          ...(isUnfamiliar(event) && { eventType: 'user-status.unfamiliar' }),
        }),
        { secret },
      ),
    /** What someone without the key may send. */
    forged: () => pick(random, Object.values(forgeries))(),
  };
}
