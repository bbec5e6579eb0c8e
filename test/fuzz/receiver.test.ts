import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../tools/proof/fuzz/reading.ts';
import { type FuzzedReceiver, startReceiver } from '../../tools/proof/fuzz/receiver.ts';
import { fuzz } from '../../tools/proof/fuzz/run.ts';
import { FORMS, SECRETS } from '../../tools/proof/fuzz/secret-forms.ts';

const SEED = 20261123;

describe.each(FORMS)('with the secret as %s', (form) => {
  const secret = SECRETS[form];
  let receiver: FuzzedReceiver;
  beforeEach(async () => {
    receiver = await startReceiver(secret);
  });
  afterEach(() => receiver.stop());

  it('2,000 generated events break no promise, and are accepted, put in quarantine for every reason, and refused', async () => {
    const { finding, ends } = await fuzz({ runs: 2_000, seed: SEED, secret, invoke: receiver.invoke });
    expect(finding).toBeUndefined();
    // Too large ones are seldom: they take their time.
    expect(Object.keys(ends)).toEqual(
      expect.arrayContaining([
        '200 accepted',
        '200 quarantined invalid-event',
        '200 quarantined not-json',
        '200 quarantined other-webhook',
        '200 quarantined unfamiliar-event-type',
        '401',
      ]),
    );
  });

  it('a fault is found, told as small as it can be, and found again from what is told', async () => {
    /** Takes the signature for right when it has the right length. */
    const invoke: FuzzedReceiver['invoke'] = async (event) => {
      const given = at(event, 'headers', 'x-hmac-signature');
      const body = at(event, 'body');
      if (typeof given !== 'string' || given.length !== 64 || typeof body !== 'string') {
        return receiver.invoke(event);
      }
      const bytes = Buffer.from(body, at(event, 'isBase64Encoded') === true ? 'base64' : 'utf8');
      const [forged, ...others] = secret.keys.map((key) =>
        createHmac('sha256', key.secret).update(bytes).digest('hex'),
      );
      if (others.includes(given.toLowerCase())) return receiver.invoke(event);
      return receiver.invoke({ ...Object(event), headers: { 'x-hmac-signature': forged } });
    };
    const found = await fuzz({ runs: 4_000, seed: SEED, secret, invoke });
    const again = await fuzz({ runs: 1, seed: SEED, path: found.finding?.path, secret, invoke });
    expect(found.finding?.promises).toContain('what is not signed is refused');
    expect(found.finding?.event.length).toBeLessThan(2_000);
    expect(again.finding).toEqual(found.finding);
  });
});
