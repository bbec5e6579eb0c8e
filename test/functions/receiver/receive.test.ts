import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../functions/receiver/attempt.ts';
import {
  createReceive,
  type Delivery,
  type Quarantined,
  type Sent,
} from '../../../functions/receiver/receive.ts';
import { type Key, sign } from '../../../functions/receiver/signature.ts';
import { unfamiliarSample, veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

const deadline = new AbortController().signal;
const key = (secret: string, stage: Key['stage'] = 'AWSCURRENT'): Key => ({
  secret,
  integration: undefined,
  stage,
});

function delivery(body = veriffSample.body, secret = SECRET): Delivery {
  return {
    body: Buffer.from(body),
    source: '',
    signature: sign(secret, body),
    integration: 'api-key',
    receivedAt: new Date('2026-11-23T10:00:00Z'),
  };
}

/** A receiver whose queues answer as told, and the steps it took, in order. */
function receiver({
  sets = [[key(SECRET)]],
  published = 'confirmed',
  quarantined = 'confirmed',
  isAllowed = () => true,
}: {
  sets?: readonly (readonly Key[])[];
  published?: Sent | Error;
  quarantined?: Sent | Error;
  isAllowed?: (address: string) => boolean;
} = {}) {
  const steps: string[] = [];
  const reasons: Quarantined[] = [];
  const answer = (sent: Sent | Error) =>
    typeof sent === 'string' ? Promise.resolve(sent) : Promise.reject(sent);
  const receive = createReceive(
    async function* keys() {
      for (const set of sets) {
        steps.push('keys');
        yield set;
      }
    },
    {
      publish: async ({ text }) => {
        steps.push(`publish ${text === veriffSample.body ? 'verbatim' : 'altered'}`);
        return { sent: await answer(published), eventId: 'the-id' };
      },
      quarantine: async (why) => {
        steps.push(`quarantine ${why.reason}`);
        reasons.push(why);
        return answer(quarantined);
      },
    },
    isAllowed,
  );
  return { steps, reasons, receive: (given: Delivery) => receive(given, deadline) };
}

describe('a delivery', () => {
  it('that is authentic and valid is published and accepted', async () => {
    const { receive, steps } = receiver();
    expect(await receive(delivery())).toEqual({ kind: 'Accepted', eventId: 'the-id', stage: 'AWSCURRENT' });
    expect(steps).toEqual(['keys', 'publish verbatim']);
  });

  it('that is authentic and not an event is put in quarantine', async () => {
    const { receive, steps, reasons } = receiver();
    const outcome = await receive(delivery(unfamiliarSample.body));
    expect(outcome).toMatchObject({
      kind: 'Quarantined',
      why: { reason: 'unfamiliar-event-type' },
      stage: 'AWSCURRENT',
    });
    expect(steps).toEqual(['keys', 'quarantine unfamiliar-event-type']);
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
    expect(steps).toEqual(['keys']);
  });

  it('is refused when there are no keys at all', async () => {
    const { receive } = receiver({ sets: [] });
    expect(await receive(delivery())).toEqual({ kind: 'Refused', reason: 'signature-mismatch' });
  });

  it('that does not match is tried with the next set of keys, and the last refusal counts', async () => {
    const found = receiver({ sets: [[key('a')], [key('b'), key(SECRET, 'AWSPREVIOUS')], [key('c')]] });
    expect(await found.receive(delivery())).toMatchObject({ kind: 'Accepted', stage: 'AWSPREVIOUS' });
    expect(found.steps).toEqual(['keys', 'keys', 'publish verbatim']);
    const unknown = receiver({ sets: [[key('a')], [{ ...key(SECRET), integration: 'other' }]] });
    expect(await unknown.receive(delivery())).toEqual({ kind: 'Refused', reason: 'integration-unknown' });
  });

  it.each([veriffSample.body, unfamiliarSample.body])(
    'larger than a message may be is too large',
    async (body) => {
      const { receive } = receiver({ published: 'too-large', quarantined: 'too-large' });
      expect(await receive(delivery(body))).toEqual({ kind: 'TooLarge', stage: 'AWSCURRENT' });
    },
  );

  it('that SQS refuses for its content is put in quarantine, encoded', async () => {
    const { receive, steps, reasons } = receiver({ published: 'refused' });
    expect(await receive(delivery())).toMatchObject({ kind: 'Quarantined' });
    expect(steps).toEqual(['keys', 'publish verbatim', 'quarantine refused-by-queue']);
    expect(reasons).toEqual([
      {
        reason: 'refused-by-queue',
        problems: ['payload: expected a message that SQS takes, got one that it refuses'],
        text: undefined,
      },
    ]);
  });

  it('that not even the quarantine takes is too large', async () => {
    const { receive } = receiver({ published: 'refused', quarantined: 'refused' });
    expect(await receive(delivery())).toEqual({ kind: 'TooLarge', stage: 'AWSCURRENT' });
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
    expect(steps).toEqual(['keys', 'quarantine probe']);
    expect(reasons).toEqual([{ reason: 'probe', problems: [], text: probe }]);
  });

  it('that is a probe and no queue takes is too large, and one that is not signed is refused', async () => {
    const { receive } = receiver({ quarantined: 'too-large' });
    expect(await receive(delivery(probe))).toEqual({ kind: 'TooLarge', stage: 'AWSCURRENT' });
    expect(await receive(delivery(probe, 'other'))).toMatchObject({ kind: 'Refused' });
  });

  it('that meets a surprise passes it on', async () => {
    const { receive } = receiver({ published: new TypeError('a bug') });
    await expect(receive(delivery())).rejects.toThrow('a bug');
  });
});
