import { describe, expect, it } from 'vitest';
import {
  createReceive,
  type Delivery,
  type Quarantined,
  type SendResult,
} from '../../../functions/receiver/receive.ts';
import { UnavailableError } from '../../../functions/receiver/retry.ts';
import { type Key, sign } from '../../../functions/receiver/signature.ts';
import { unfamiliarSample, veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

const deadline = new AbortController().signal;
const key: Key = { secret: SECRET, integration: 'live', fingerprint: 'f1f1f1f1', label: 'AWSCURRENT' };

function delivery(body = veriffSample.body, secret = SECRET): Delivery {
  return {
    body: Buffer.from(body),
    source: '',
    signature: sign(secret, body),
    receivedAt: new Date('2026-11-23T10:00:00Z'),
  };
}

/** A receiver whose queues answer as told, and the steps it took, in order. */
function receiver({
  keys = [key] as readonly Key[] | UnavailableError,
  published = 'confirmed' as SendResult | Error,
  quarantined = 'confirmed' as SendResult | Error,
  isAllowed = (_: string): boolean => true,
} = {}) {
  const steps: string[] = [];
  const reasons: Quarantined[] = [];
  const integrations: (string | undefined)[] = [];
  const answer = (sent: SendResult | Error) =>
    typeof sent === 'string' ? Promise.resolve(sent) : Promise.reject(sent);
  const receive = createReceive(
    async (matching) => {
      steps.push('find key');
      if (keys instanceof UnavailableError) throw keys;
      return matching(keys);
    },
    {
      publish: async ({ text }, { integration }) => {
        steps.push(`publish ${text === veriffSample.body ? 'verbatim' : 'altered'}`);
        integrations.push(integration);
        return { sent: await answer(published), eventId: 'the-id' };
      },
      quarantine: async (why, { integration }) => {
        steps.push(`quarantine ${why.reason}`);
        integrations.push(integration);
        reasons.push(why);
        return answer(quarantined);
      },
    },
    isAllowed,
  );
  return { steps, reasons, integrations, receive: (given: Delivery) => receive(given, deadline) };
}

describe('a delivery', () => {
  it('that is authentic and valid is published and accepted', async () => {
    const { receive, steps } = receiver();
    expect(await receive(delivery())).toEqual({
      kind: 'Accepted',
      eventId: 'the-id',
      isReduced: false,
      unknown: [],
      key,
    });
    expect(steps).toEqual(['find key', 'publish verbatim']);
  });

  it('that has properties that the contract does not have is accepted with their paths', async () => {
    const { receive } = receiver();
    const body = JSON.stringify({ ...JSON.parse(veriffSample.body), reviewer: 'PRIVATE' });
    expect(await receive(delivery(body))).toMatchObject({ kind: 'Accepted', unknown: ['reviewer'] });
  });

  it('that is authentic and not an event is put in quarantine', async () => {
    const { receive, steps, reasons } = receiver();
    const outcome = await receive(delivery(unfamiliarSample.body));
    expect(outcome).toMatchObject({
      kind: 'Quarantined',
      why: { reason: 'unfamiliar-event-type' },
      isReduced: false,
      key,
    });
    expect(steps).toEqual(['find key', 'quarantine unfamiliar-event-type']);
    expect(reasons[0]?.text).toBe(unfamiliarSample.body);
  });

  it.each([
    [undefined, 'signature-missing'],
    ['short', 'signature-malformed'],
  ])(
    'without a well-formed signature is refused before any key is asked for: %s',
    async (signature, reason) => {
      const { receive, steps } = receiver();
      expect(await receive({ ...delivery(), signature })).toEqual({ kind: 'Refused', reason });
      expect(steps).toEqual([]);
    },
  );

  it('signed with another key is refused, and nothing is sent', async () => {
    const { receive, steps } = receiver();
    expect(await receive(delivery(veriffSample.body, 'other'))).toEqual({
      kind: 'Refused',
      reason: 'signature-mismatch',
    });
    expect(steps).toEqual(['find key']);
  });

  it('is refused when there are no keys at all', async () => {
    const { receive } = receiver({ keys: [] });
    expect(await receive(delivery())).toEqual({ kind: 'Refused', reason: 'signature-mismatch' });
  });

  it('is known by the key that verified it: its name is the integration', async () => {
    const previous: Key = { ...key, secret: 'old', integration: undefined, label: 'AWSPREVIOUS' };
    const { receive, integrations } = receiver({ keys: [{ ...key, secret: 'other' }, previous, key] });
    expect(await receive(delivery())).toMatchObject({ kind: 'Accepted', key });
    expect(await receive(delivery(veriffSample.body, 'old'))).toMatchObject({
      kind: 'Accepted',
      key: previous,
    });
    expect(await receive(delivery(unfamiliarSample.body))).toMatchObject({ kind: 'Quarantined', key });
    expect(integrations).toEqual(['live', undefined, 'live']);
  });

  it('is unavailable, not refused, when no key can be had', async () => {
    const error = new UnavailableError('secret', 'The secret cannot be used.');
    const { receive, steps } = receiver({ keys: error });
    expect(await receive(delivery())).toEqual({ kind: 'Unavailable', error });
    expect(steps).toEqual(['find key']);
  });

  it('that SQS took in part only is accepted or quarantined, and said to be reduced', async () => {
    const { receive } = receiver({ published: 'reduced', quarantined: 'reduced' });
    expect(await receive(delivery())).toMatchObject({ kind: 'Accepted', isReduced: true });
    expect(await receive(delivery(unfamiliarSample.body))).toMatchObject({
      kind: 'Quarantined',
      isReduced: true,
    });
  });

  it.each([veriffSample.body, unfamiliarSample.body])(
    'larger than a message may be is too large',
    async (body) => {
      const { receive } = receiver({ published: 'too-large', quarantined: 'too-large' });
      expect(await receive(delivery(body))).toEqual({ kind: 'TooLarge', key });
    },
  );

  it('that SQS refuses for its content is put in quarantine, encoded', async () => {
    const { receive, steps, reasons } = receiver({ published: 'refused' });
    expect(await receive(delivery())).toMatchObject({ kind: 'Quarantined' });
    expect(steps).toEqual(['find key', 'publish verbatim', 'quarantine refused-by-queue']);
    expect(reasons).toEqual([
      {
        reason: 'refused-by-queue',
        problems: ['payload: expected content that SQS accepts, got other content'],
        text: undefined,
      },
    ]);
  });

  it.each(['refused', 'too-large'] as const)(
    'that SQS refuses, and cannot be kept in quarantine, is unavailable and never too large: %s',
    async (quarantined) => {
      const { receive } = receiver({ published: 'refused', quarantined });
      expect(await receive(delivery())).toMatchObject({
        kind: 'Unavailable',
        error: { dependency: 'queue', message: 'The quarantine queue did not store the message.' },
      });
    },
  );

  it('that is no event and that the quarantine refuses is unavailable', async () => {
    const { receive } = receiver({ quarantined: 'refused' });
    expect(await receive(delivery(unfamiliarSample.body))).toMatchObject({ kind: 'Unavailable' });
  });

  it.each([veriffSample.body, unfamiliarSample.body])(
    'that no queue confirms is unavailable, never accepted',
    async (body) => {
      const error = new UnavailableError('queue', 'no answer');
      const { receive } = receiver({ published: error, quarantined: error });
      expect(await receive(delivery(body))).toEqual({ kind: 'Unavailable', error });
    },
  );

  it('from an address that may not send is refused before anything else is looked at', async () => {
    const { receive, steps } = receiver({ isAllowed: (address) => address === '203.0.113.7' });
    expect(await receive(delivery())).toEqual({ kind: 'Refused', reason: 'source-not-allowed' });
    expect(steps).toEqual([]);
    expect(await receive({ ...delivery(), source: '203.0.113.7' })).toMatchObject({ kind: 'Accepted' });
  });

  const probe = JSON.stringify({ eventType: 'veriff-status-receiver.probe', id: 'p-1' });

  it("that is the doctor's probe goes the whole way and is not counted as quarantined", async () => {
    const { receive, steps, reasons } = receiver();
    expect(await receive(delivery(probe))).toEqual({ kind: 'Probed' });
    expect(steps).toEqual(['find key', 'quarantine probe']);
    expect(reasons).toEqual([{ reason: 'probe', problems: [], text: probe }]);
  });

  it('that is a probe and no queue takes is too large, and one that is not signed is refused', async () => {
    const { receive } = receiver({ quarantined: 'too-large' });
    expect(await receive(delivery(probe))).toEqual({ kind: 'TooLarge', key });
    expect(await receive(delivery(probe, 'other'))).toMatchObject({ kind: 'Refused' });
  });

  it('that meets a surprise passes it on', async () => {
    const { receive } = receiver({ published: new TypeError('a bug') });
    await expect(receive(delivery())).rejects.toThrow('a bug');
  });
});
