import { describe, expect, it } from 'vitest';
import { readPayload } from '../../../contract/event.ts';
import { eventId } from '../../../contract/message.ts';
import { readSample, sampleNames } from '../../../tools/ops/delivery.ts';
import { asNewEvent } from '../../../tools/ops/new-event.ts';

const NOW = new Date('2026-11-27T12:00:00Z');
const names = await sampleNames();

function read(body: Uint8Array) {
  return readPayload(new TextDecoder().decode(body));
}

describe('a sample made a new event', () => {
  it.each(names)('is what it was, or fails for the reason for which it did: %s', async (name) => {
    const body = await readSample(name);
    const [before, after] = [read(body), read(asNewEvent(body, NOW))];
    if (before.ok && after.ok) {
      expect(eventId(after.event)).not.toBe(eventId(before.event));
      expect(after.event.data.verification.userDefinedData.statusCode).toBe(
        before.event.data.verification.userDefinedData.statusCode,
      );
    } else expect(after).toEqual(before);
  });

  it('has new ids and the present as its times', async () => {
    const payload = read(asNewEvent(await readSample('user-status-created'), NOW));
    expect(payload).toMatchObject({
      ok: true,
      event: {
        time: NOW.toISOString(),
        data: { verification: { userDefinedData: { createdAt: NOW.toISOString() } } },
      },
    });
  });

  it('keeps two ids the same that were', async () => {
    const body = new TextEncoder().encode(
      '{"sessionId":"a-1","attemptId":"a-1","data":{"verification":{"id":"a-2"}}}',
    );
    const { sessionId, attemptId, data } = JSON.parse(new TextDecoder().decode(asNewEvent(body, NOW)));
    expect(sessionId).toBe(attemptId);
    expect(data.verification.id).not.toBe(sessionId);
  });

  it.each(['no JSON', '7', '[]'])('stays as it is when it is no object: %s', (text) => {
    const body = new TextEncoder().encode(text);
    expect(asNewEvent(body, NOW)).toEqual(body);
  });
});
