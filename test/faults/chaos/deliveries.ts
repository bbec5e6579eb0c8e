import { randomUUID } from 'node:crypto';
import { pick, type Random } from '../../support/random.ts';
import { veriffSample } from '../../support/samples.ts';
import { webhook } from '../../support/webhook.ts';

export const FORGED_SESSION = 'forged';
/** Events of an unfamiliar type go to quarantine: one in so many. */
const UNFAMILIAR = 50;

export const queueOf = (event: number) => (event % UNFAMILIAR === 0 ? 'quarantine' : 'main');
const sessionOf = (event: number) => `chaos-${event}`;

const bodyOf = (sessionId: string, changes: object = {}) =>
  JSON.stringify({ ...JSON.parse(veriffSample.body), time: new Date().toISOString(), sessionId, ...changes });

/** As Veriff signs it. The session says which event it is, `vendorData` which delivery, on a queue as well. */
export function authentic(event: number, delivery: number) {
  const unfamiliar = queueOf(event) === 'quarantine' && { eventType: 'user-status.unfamiliar' };
  return webhook({ body: bodyOf(sessionOf(event), { vendorData: String(delivery), ...unfamiliar }) });
}

/** What someone without the key may send. */
export function forged(random: Random) {
  const body = bodyOf(FORGED_SESSION);
  const { headers } = webhook({ body });
  const { 'x-hmac-signature': signature, ...unsigned } = headers;
  return pick(random, [
    { headers: unsigned, body },
    { headers: { ...headers, 'x-hmac-signature': signature.slice(1) }, body },
    webhook({ body, secret: randomUUID() }),
    { headers, body: `${body} ` },
    { headers: webhook({ body: bodyOf(sessionOf(1)) }).headers, body },
  ]);
}
