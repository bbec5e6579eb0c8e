import { afterEach, expect, it, vi } from 'vitest';
import { createReceive, type Delivery, type Queues } from '../../functions/receiver/receive.ts';
import type { Keys } from '../../functions/receiver/secrets.ts';
import { sign } from '../../functions/receiver/signature.ts';
import { veriffSample } from '../support/samples.ts';
import { SECRET } from '../support/webhook.ts';

afterEach(() => vi.restoreAllMocks());

it('an accepted delivery takes one set of keys, one parse of its body and one message', async () => {
  let sets = 0;
  const keys: Keys = async function* () {
    for (;;) {
      sets += 1;
      yield [{ secret: SECRET, integration: undefined, stage: 'AWSCURRENT' }];
    }
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
    integration: undefined,
    receivedAt: new Date(),
  };

  const outcome = await createReceive(keys, queues, () => true)(delivery, new AbortController().signal);

  expect(outcome.kind).toBe('Accepted');
  expect(sets).toBe(1);
  expect(parse.mock.calls.map(([text]) => text)).toEqual([veriffSample.body]);
  expect(sent).toEqual([veriffSample.body]);
});
