import { afterEach, expect, it, vi } from 'vitest';
import { createReceive, type Delivery, type Queues } from '../../functions/receiver/receive.ts';
import { fingerprint } from '../../functions/receiver/secret-value.ts';
import type { FindKey } from '../../functions/receiver/secrets.ts';
import { sign } from '../../functions/receiver/signature.ts';
import { veriffSample } from '../support/samples.ts';
import { SECRET } from '../support/webhook.ts';

afterEach(() => vi.restoreAllMocks());

it('an accepted delivery takes one search for its key, one parse of its body and one message', async () => {
  let searches = 0;
  const findKey: FindKey = async (matching) => {
    searches += 1;
    return matching([
      { secret: SECRET, integration: undefined, fingerprint: fingerprint(SECRET), label: 'AWSCURRENT' },
    ]);
  };
  const sent: string[] = [];
  const queues: Queues = {
    publish: async ({ text }) => {
      sent.push(text);
      return { sent: 'confirmed', eventId: 'id' };
    },
    quarantine: async () => 'confirmed',
  };
  const parse = vi.spyOn(JSON, 'parse');
  const delivery: Delivery = {
    body: Buffer.from(veriffSample.body),
    source: '',
    signature: sign(SECRET, veriffSample.body),
    receivedAt: new Date(),
  };

  const outcome = await createReceive(findKey, queues, () => true)(delivery, new AbortController().signal);

  expect(outcome.kind).toBe('Accepted');
  expect(searches).toBe(1);
  expect(parse.mock.calls.map(([text]) => text)).toEqual([veriffSample.body]);
  expect(sent).toEqual([veriffSample.body]);
});
