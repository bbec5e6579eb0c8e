import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPayload } from '../../contract/event.ts';
import { otherWebhook } from '../../contract/other-webhooks.ts';
import { invalidSamples, otherWebhookSamples, validSamples } from '../support/samples.ts';

const reasonOf = (text: string) => {
  const payload = readPayload(text);
  return payload.ok ? 'none' : payload.unusable.reason;
};

describe("another webhook of Veriff's", () => {
  it('is one of these four', () => {
    expect(otherWebhookSamples.map(({ name }) => name)).toEqual([
      'other-webhooks/decision',
      'other-webhooks/event',
      'other-webhooks/fullauto',
      'other-webhooks/watchlist-screening',
    ]);
  });

  it.each(otherWebhookSamples)('is named: $name', ({ name, body }) => {
    const webhook = name.slice('other-webhooks/'.length);
    expect(readPayload(body)).toMatchObject({
      unusable: {
        reason: 'other-webhook',
        webhook,
        problems: [expect.stringContaining(`got Veriff's ${webhook} webhook`)],
      },
    });
  });

  it.each([
    ['decision', 'Webhook decisions URL'],
    ['event', 'Webhook events URL'],
    ['fullauto', 'Webhook Full Auto URL'],
    ['watchlist-screening', 'Webhook watchlist screening URL'],
  ])('is told with the field that its URL was set in, and the one it belongs in: %s', (webhook, field) => {
    const sample = otherWebhookSamples.find(({ name }) => name.endsWith(webhook));
    expect(readPayload(sample?.body ?? '')).toMatchObject({
      unusable: {
        problems: [
          `payload: expected a user-status event, got Veriff's ${webhook} webhook: in the Customer Portal, ` +
            `remove the receiver's URL from "${field}" and enter it only in "Webhook URL for sessions statuses set in Station"`,
        ],
      },
    });
  });

  it('is known whatever Veriff adds to it', () => {
    for (const { body } of otherWebhookSamples) {
      expect(reasonOf(JSON.stringify({ added: { more: 1 }, ...JSON.parse(body) }))).toBe('other-webhook');
    }
  });

  it('is told by a problem that repeats none of its values', () => {
    const mark = (_: string, value: unknown) =>
      typeof value === 'string' && value !== 'fullauto' ? `\u00ab${value}\u00bb` : value;
    for (const { body } of otherWebhookSamples) {
      const problem = otherWebhook(JSON.parse(body, mark))?.problem;
      expect(problem).toBeDefined();
      expect(problem).not.toContain('\u00ab');
    }
  });

  it.each(otherWebhookSamples)('is not guessed from a part of it: $name', ({ body }) => {
    for (const name of ['verification', 'action', 'eventType', 'checkType']) {
      const { [name]: part, ...rest } = JSON.parse(body);
      if (part !== undefined) expect(reasonOf(JSON.stringify(rest))).toBe('invalid-event');
    }
  });

  it.each(otherWebhookSamples)('of another event type is unfamiliar: $name', ({ body }) => {
    const text = JSON.stringify({ ...JSON.parse(body), eventType: 'added-by-veriff' });
    expect(readPayload(text)).toMatchObject({
      unusable: { reason: 'unfamiliar-event-type', eventType: 'added-by-veriff' },
    });
    expect(readPayload(text)).not.toHaveProperty('unusable.webhook');
  });
});

describe('a user status', () => {
  it.each([...validSamples, ...invalidSamples])('is never taken for another webhook: $name', ({ body }) => {
    expect(reasonOf(body)).not.toBe('other-webhook');
  });

  it('is never taken for another webhook, whatever it lacks and has of one', () => {
    const users = [...validSamples, ...invalidSamples].flatMap(({ name, body }) =>
      ['invalid/trailing-comma', 'invalid/not-an-object'].includes(name) ? [] : [JSON.parse(body)],
    );
    const others = otherWebhookSamples.map(({ body }) => JSON.parse(body));
    const kept = fc.constantFrom('eventType', 'data');
    fc.assert(
      fc.property(
        fc.constantFrom(...users),
        fc.constantFrom(...others),
        kept,
        fc.subarray(['eventType', 'sessionId', 'attemptId', 'time', 'data', 'endUserId']),
        (user, other, keep, lacks) => {
          if (user[keep] === undefined || user[keep] === '') return;
          const { eventType: _type, data: _data, ...had } = other;
          const mixed = { ...user, ...had };
          for (const name of lacks) if (name !== keep) delete mixed[name];
          expect(reasonOf(JSON.stringify(mixed))).not.toBe('other-webhook');
        },
      ),
    );
  });
});
