import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseUserStatusMessage } from '../../contract/parse-message.ts';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { deliver } from '../support/delivering.ts';
import { sqsClient } from '../support/quarantine.ts';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
  veriffSample,
} from '../support/samples.ts';
import { SECRET, sampleWith, type Webhook, webhook } from '../support/webhook.ts';

describe.each(['standard', 'fifo'] as const)('with %s queues,', (mode) => {
  const assemblyDir = inject(mode === 'fifo' ? 'fifoAssemblyDir' : 'assemblyDir');
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startLocalStack({ assemblyDir, secret: SECRET });
  });
  afterEach(async () => {
    for (const { url } of [stack.queues.main, stack.queues.quarantine]) await stack.sqs.purge(url);
  });
  afterAll(() => stack.stop());

  /** The same event of another session: a FIFO queue takes one and the same only once in 5 minutes. */
  function another(body: string): string {
    return body.replace(/("sessionId":\s*")[^"]*/, `$1${randomUUID()}`);
  }

  /** Sends a webhook as Veriff would and gives the answer. */
  async function post(options: Webhook = {}, url = stack.url) {
    const { status, headers, text } = await deliver(url, options);
    return { status, headers, type: headers.get('content-type'), body: JSON.parse(text) };
  }

  async function lying(queue: 'main' | 'quarantine') {
    const { messages } = await stack.sqs.inspect(stack.queues[queue].name);
    return messages.ready;
  }

  async function expectNothingStored() {
    expect([...(await lying('main')), ...(await lying('quarantine'))]).toEqual([]);
  }

  describe('a valid event', () => {
    it('is accepted, and read back from the queue byte for byte with its attributes, none of which is of a header', async () => {
      const before = Date.now();
      const answer = await post({ headers: { 'x-auth-client': 'api-key' } });
      const sqs = sqsClient(stack);
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: stack.queues.main.url,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      const [message] = Messages;
      const attributes = Object.fromEntries(
        Object.entries(message?.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
          name,
          [DataType, StringValue],
        ]),
      );
      const { eventId } = answer.body;
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'accepted', eventId: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      expect(Messages).toHaveLength(1);
      expect(message?.Attributes?.MessageGroupId).toBe(
        mode === 'fifo' ? 'f2270684-8c51-4d03-88eb-dafd43e8b486' : undefined,
      );
      expect(message?.Attributes?.MessageDeduplicationId).toBe(mode === 'fifo' ? eventId : undefined);
      expect(message?.Body).toBe(veriffSample.body);
      expect(attributes).toEqual({
        eventId: ['String', eventId],
        eventType: ['String', 'user-status.created'],
        statusCode: ['String', 'custom_status_for_suspicious_attempt'],
        sessionId: ['String', '0b10cb53-4f3b-48af-bd74-60b85354e51f'],
        attemptId: ['String', 'f2270684-8c51-4d03-88eb-dafd43e8b486'],
        createdAt: ['String', '2023-10-27T09:59:15.090805Z'],
        receivedAt: ['String', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)],
      });
      expect(Date.parse(attributes.receivedAt?.[1] ?? '')).toBeGreaterThanOrEqual(before);
      expect(parseUserStatusMessage(message ?? {})).toEqual({
        eventId,
        event: JSON.parse(veriffSample.body),
      });
    });

    it.each(validSamples)('is accepted whatever Veriff may send: $name', async (sample) => {
      const body = another(sample.body);
      expect(await post({ body })).toMatchObject({ status: 200, body: { status: 'accepted' } });
      expect((await lying('main')).map((message) => message.body)).toEqual([body]);
    });

    it('that is sent again has the same id, and lies once on a FIFO queue', async () => {
      const body = another(veriffSample.body);
      const ids = [
        await post({ body }),
        await post({ body: body.replace('10:00:02.998Z', '11:00:02.998Z') }),
      ];
      expect(ids[0]?.body.eventId).toBe(ids[1]?.body.eventId);
      expect(await lying('main')).toHaveLength(mode === 'fifo' ? 1 : 2);
    });

    it.each(['application/json', 'application/octet-stream', 'text/plain'])(
      'is the same bytes as %s',
      async (type) => {
        const body = another(veriffSample.body);
        expect((await post({ body, headers: { 'content-type': type } })).status).toBe(200);
        expect((await lying('main'))[0]?.body).toBe(body);
      },
    );

    it('may be signed in vrf-hmac-signature', async () => {
      const { headers } = webhook();
      const response = await fetch(stack.url, {
        method: 'POST',
        body: veriffSample.body,
        headers: { 'vrf-hmac-signature': headers['x-hmac-signature'] },
      });
      expect(response.status).toBe(200);
    });

    it('with a character that SQS forbids and JSON allows is the same JSON on the queue', async () => {
      const body = another(
        sampleWith((payload) => {
          payload.data.verification.userDefinedData.reason = 'a\uFFFFb';
        }),
      );
      expect((await post({ body })).status).toBe(200);
      expect(JSON.parse((await lying('main'))[0]?.body ?? '')).toEqual(JSON.parse(body));
    });

    it('whose status code SQS cannot carry goes without that attribute', async () => {
      const body = sampleWith((payload) => {
        payload.data.verification.userDefinedData.statusCode = '\u0007';
      });
      expect((await post({ body })).status).toBe(200);
      expect((await lying('main'))[0]?.messageAttributes).not.toHaveProperty('statusCode');
    });
  });

  describe('a property that the contract does not have', () => {
    it('is named in the log once per environment and counted each time, and its value is nowhere', async () => {
      const lines: string[] = [];
      const fresh = await startLocalStack({
        assemblyDir,
        secret: SECRET,
        onLog: (line) => void lines.push(line),
      });
      try {
        const body = sampleWith((payload) => Object.assign(payload, { riskScore: 'PRIVATE', 'J. Doe': 1 }));
        for (let time = 0; time < 2; time++) expect((await post({ body }, fresh.url)).status).toBe(200);
      } finally {
        await fresh.stop();
      }
      expect(
        lines.filter((line) => line.includes('"unknownProperties":["riskScore","(other)"]')),
      ).toHaveLength(1);
      expect(lines.filter((line) => line.includes('"UnknownProperties":2'))).toHaveLength(2);
      expect(lines.join()).not.toMatch(/PRIVATE|Doe/);
    });
  });

  describe('an authentic delivery that is no event', () => {
    it.each([unfamiliarSample, ...otherWebhookSamples, ...invalidSamples])(
      'is kept in quarantine, verbatim and with its reason: $name',
      async ({ body }) => {
        const answer = await post({ body });
        const [message] = await lying('quarantine');
        expect(answer).toMatchObject({
          status: 200,
          body: { status: 'quarantined', problems: expect.any(Array) },
        });
        expect(message?.body).toBe(body);
        expect(message?.messageAttributes.reason?.StringValue).toBe(answer.body.reason);
        expect(message?.messageAttributes.problems?.StringValue).toBe(answer.body.problems.join('; '));
        expect(await lying('main')).toEqual([]);
      },
    );

    it.each([
      ['of no bytes', Buffer.alloc(0)],
      ['that is not UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
      ['with a NUL', Buffer.from('{"a":"\u0000"}')],
    ])('is kept in quarantine even when SQS would refuse its body: %s', async (_, body) => {
      expect(await post({ body, headers: { 'content-type': 'application/octet-stream' } })).toMatchObject({
        status: 200,
        body: { status: 'quarantined', reason: 'not-json' },
      });
      const bytes = await (await fetch((await lying('quarantine'))[0]?.body ?? '')).arrayBuffer();
      expect(Buffer.from(bytes)).toEqual(body);
    });

    it.each(['main', 'quarantine'] as const)(
      'larger than a message may be is answered with 413: for the %s queue',
      async (queue) => {
        const body = sampleWith((payload) => {
          payload.data.verification.userDefinedData.reason = 'x'.repeat(1_100_000);
          if (queue === 'quarantine') payload.eventType = 'other';
        });
        expect(await post({ body })).toMatchObject({
          status: 413,
          type: 'application/problem+json',
          body: { title: 'Content Too Large', status: 413 },
        });
        await expectNothingStored();
      },
    );
  });

  describe('a delivery that Veriff did not sign', () => {
    const good = webhook().headers['x-hmac-signature'];
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

    it.each<[string, Webhook]>([
      ['no signature', { headers: { 'x-hmac-signature': '' } }],
      ['another key', { secret: 'another' }],
      [
        'a body altered after signing',
        { body: `${veriffSample.body} `, headers: { 'x-hmac-signature': good } },
      ],
      ['63 digits', { headers: { 'x-hmac-signature': good.slice(1) } }],
      ['65 digits', { headers: { 'x-hmac-signature': `${good}0` } }],
      ['no hex', { headers: { 'x-hmac-signature': 'z'.repeat(64) } }],
      ['a prefix', { headers: { 'x-hmac-signature': `sha256=${good}` } }],
      ['two signatures', { headers: { 'x-hmac-signature': `${good}, ${good}` } }],
      ['a very long signature', { headers: { 'x-hmac-signature': 'a'.repeat(8_000) } }],
      ['1.1 MB', { body: 'x'.repeat(1_100_000), secret: 'another' }],
      ['20,000-deep JSON', { body: deep, secret: 'another' }],
      ['__proto__', { body: '{"__proto__":{"ok":true}}', secret: 'another' }],
      ['bytes that are not UTF-8', { body: Buffer.from([0xff, 0xfe]), secret: 'another' }],
      ['NUL', { body: '\u0000', secret: 'another' }],
      ['no body', { body: '', secret: 'another' }],
    ])('is refused with 401 and reaches no queue: %s', async (_, forged) => {
      expect(await post(forged)).toMatchObject({
        status: 401,
        type: 'application/problem+json',
        body: { type: 'about:blank', title: 'Unauthorized', status: 401 },
      });
      await expectNothingStored();
    });

    it('with no headers and no body at all is refused with 401', async () => {
      expect((await fetch(stack.url, { method: 'POST' })).status).toBe(401);
    });

    it('gets the legacy signature refused', async () => {
      const { createHash } = await import('node:crypto');
      const legacy = createHash('sha256')
        .update(veriffSample.body + SECRET)
        .digest('hex');
      const response = await fetch(stack.url, {
        method: 'POST',
        body: veriffSample.body,
        headers: { 'x-signature': legacy },
      });
      expect(response.status).toBe(401);
    });
  });

  describe('an authentic delivery of hostile JSON', () => {
    it.each([
      ['20,000 deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
      ['__proto__', '{"__proto__":{"eventType":"user-status.created"}}'],
      ['constructor', '{"constructor":{"prototype":{"x":1}},"eventType":"user-status.created"}'],
      ['a huge number', '1e999999'],
    ])('is kept in quarantine: %s', async (_, body) => {
      expect(await post({ body })).toMatchObject({ status: 200, body: { status: 'quarantined' } });
      expect((await lying('quarantine'))[0]?.body).toBe(body);
    });
  });

  describe('the secret', () => {
    const withSecret = async (secret: string | null, act: (fresh: LocalStack) => Promise<void>) => {
      const fresh = await startLocalStack({ assemblyDir, secret });
      try {
        await act(fresh);
      } finally {
        await fresh.stop();
      }
    };

    it('that is still the placeholder makes deliveries unavailable, until the real one is stored: no deploy, no restart', async () => {
      await withSecret(null, async (fresh) => {
        const refused = await post({}, fresh.url);
        expect(refused).toMatchObject({
          status: 503,
          type: 'application/problem+json',
          body: { status: 503 },
        });
        expect(refused.headers.get('retry-after')).toBe('60');
        fresh.secrets.put(fresh.secretName, { SecretString: `${SECRET}\n` });
        expect((await post({}, fresh.url)).status).toBe(200);
      });
    });
  });

  describe('the address', () => {
    it.each([
      ['POST', '/'],
      ['POST', '/webhooks/veriff'],
      ['POST', '/webhooks/veriff/user-statuses/'],
      ['GET', '/webhooks/veriff/user-statuses'],
      ['PUT', '/webhooks/veriff/user-statuses'],
    ])('is one route and nothing else: %s %s', async (method, path) => {
      const response = await fetch(new URL(path, stack.url), { method });
      expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    });
  });
});
