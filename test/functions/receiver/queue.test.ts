import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createQueues } from '../../../functions/receiver/queue.ts';
import type { Authentic, Quarantined } from '../../../functions/receiver/receive.ts';
import { validate } from '../../../functions/receiver/validate.ts';
import { MAIN, QUARANTINE, REGION, startQueues } from '../../support/queues.ts';
import { validSamples, veriffSample } from '../../support/samples.ts';
import { sampleWith } from '../../support/webhook.ts';

const LIMIT = 1_048_576;
const receivedAt = new Date('2026-11-23T10:00:00.123Z');
const deadline = new AbortController().signal;

let sqs: Awaited<ReturnType<typeof startQueues>>;
beforeAll(async () => {
  sqs = await startQueues();
});
afterEach(() => sqs.reset());
afterAll(() => sqs.stop());

function queues({
  endpoint = sqs.endpoint,
  traceHeader = () => undefined as string | undefined,
  // The function's own limit is one for a small message on a machine that is not busy.
  sendLimitMs = (endpoint === sqs.endpoint ? 20_000 : undefined) as number | undefined,
  queueUrl = sqs.urls[MAIN],
  quarantineQueueUrl = sqs.urls[QUARANTINE],
} = {}) {
  const client = new SQSClient({
    endpoint,
    region: REGION,
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return createQueues(client, {
    queueUrl,
    quarantineQueueUrl,
    traceHeader,
    ...(sendLimitMs !== undefined && { sendLimitMs }),
  });
}

function delivery(body: string | Uint8Array): Authentic {
  return { body: Buffer.from(body), source: '', signature: 'unused', integration: 'api-key', receivedAt };
}

function publish(
  body: string,
  options: Parameters<typeof queues>[0] = {},
  integration: string | undefined = 'api-key',
  until: AbortSignal = deadline,
) {
  return queues(options).publish(valid(body), { ...delivery(body), integration }, until);
}

function valid(body: string) {
  const payload = validate(Buffer.from(body));
  if (!payload.ok) throw new Error(payload.problems.join());
  return payload;
}

/** A server that answers SendMessage in its own way. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return `http://127.0.0.1:${address.port}`;
}

describe('a published message', () => {
  it.each(validSamples)('has the payload byte for byte as its body: $name', async ({ body }) => {
    expect(await publish(body)).toMatchObject({ sent: 'confirmed' });
    expect((await sqs.messages(MAIN)).map((message) => message.body)).toEqual([body]);
  });

  it('has the attributes of the contract', async () => {
    const { eventId } = await publish(veriffSample.body);
    expect((await sqs.messages(MAIN))[0]?.attributes).toEqual({
      eventId,
      eventType: 'user-status.created',
      statusCode: 'custom_status_for_suspicious_attempt',
      sessionId: '0b10cb53-4f3b-48af-bd74-60b85354e51f',
      attemptId: 'f2270684-8c51-4d03-88eb-dafd43e8b486',
      createdAt: '2023-10-27T09:59:15.090805Z',
      integration: 'api-key',
      receivedAt: '2026-11-23T10:00:00.123Z',
    });
  });

  it('has no attribute that SQS would refuse', async () => {
    const body = sampleWith((payload) => {
      payload.data.verification.userDefinedData.statusCode = 'a\u0001b';
      payload.sessionId = '\uFFFF';
    });
    expect(await publish(body, {}, '')).toMatchObject({ sent: 'confirmed' });
    const [message] = await sqs.messages(MAIN);
    expect(Object.keys(message?.attributes ?? {})).toEqual([
      'eventId',
      'eventType',
      'attemptId',
      'createdAt',
      'receivedAt',
    ]);
  });

  it.each(['\uFFFE', '\uFFFF'])(
    'has the escape of %j, which SQS forbids and JSON allows: the same JSON',
    async (character) => {
      const body = sampleWith((payload) => {
        payload.data.verification.userDefinedData.reason = `a${character}b${character}`;
      });
      expect(body).toContain(character);
      expect(await publish(body)).toMatchObject({ sent: 'confirmed' });
      const [message] = await sqs.messages(MAIN);
      expect(message?.body).not.toContain(character);
      expect(JSON.parse(message?.body ?? '')).toEqual(JSON.parse(body));
    },
  );

  it('takes the trace header of the invocation along', async () => {
    const seen: string[] = [];
    const endpoint = await answering((request, response) => {
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () => response.writeHead(500).end());
    });
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    await expect(publish(veriffSample.body, { endpoint, traceHeader: () => header })).rejects.toThrow();
    const { MessageSystemAttributes } = JSON.parse(seen[0] ?? '');
    expect(MessageSystemAttributes).toEqual({ AWSTraceHeader: { DataType: 'String', StringValue: header } });
  });
});

describe('the size of a message', () => {
  const padded = (bytes: number) =>
    sampleWith((payload) => {
      payload.data.verification.userDefinedData.reason = 'x'.repeat(bytes);
    });
  /** What the body and the attributes of a payload without a reason come to. */
  const empty = Buffer.byteLength(padded(0));
  const attributes =
    [
      ['eventId', 'x'.repeat(64)],
      ['eventType', 'user-status.created'],
      ['statusCode', 'custom_status_for_suspicious_attempt'],
      ['sessionId', '0b10cb53-4f3b-48af-bd74-60b85354e51f'],
      ['attemptId', 'f2270684-8c51-4d03-88eb-dafd43e8b486'],
      ['createdAt', '2023-10-27T09:59:15.090805Z'],
      ['integration', 'api-key'],
      ['receivedAt', receivedAt.toISOString()],
    ]
      .flat()
      .join('').length +
    'String'.length * 8;

  const EVENT_ID = 'eventId'.length + 'String'.length + 64;

  it('may be 1 MiB, attributes included', async () => {
    expect(await publish(padded(LIMIT - empty - attributes))).toMatchObject({ sent: 'confirmed' });
    expect(await sqs.messages(MAIN)).toHaveLength(1);
  });

  it.each([LIMIT - empty - attributes + 1, LIMIT - empty - EVENT_ID])(
    'that is more with all attributes leaves out those that nobody needs: a reason of %i bytes',
    async (bytes) => {
      expect(await publish(padded(bytes))).toMatchObject({ sent: 'reduced' });
      const [message] = await sqs.messages(MAIN);
      expect(message?.body).toBe(padded(bytes));
      expect(Object.keys(message?.attributes ?? {})).toEqual(['eventId']);
    },
  );

  it('may not be a byte more than 1 MiB with the event id alone, and then SQS is not asked', async () => {
    const endpoint = 'http://127.0.0.1:1';
    expect(await publish(padded(LIMIT - empty - EVENT_ID + 1), { endpoint })).toMatchObject({
      sent: 'too-large',
    });
  });

  it('counts bytes, not characters', async () => {
    const body = sampleWith((payload) => {
      payload.data.verification.userDefinedData.reason = 'ä'.repeat(LIMIT / 2);
    });
    expect(await publish(body)).toMatchObject({ sent: 'too-large' });
  });
});

describe('a message in quarantine', () => {
  const quarantine = (body: string | Uint8Array, why: Partial<Quarantined> = {}) => {
    const text = typeof body === 'string' ? body : undefined;
    const all = { reason: 'not-json', problems: ['a: missing', 'b: missing'], text, ...why } as const;
    return queues().quarantine(all, delivery(body), deadline);
  };

  it('has the body verbatim, the reason, the problems and where it came from', async () => {
    expect(await quarantine('{"a":1,}\n', { eventType: 'other' })).toBe('confirmed');
    expect(await sqs.messages(QUARANTINE)).toEqual([
      {
        body: '{"a":1,}\n',
        attributes: {
          reason: 'not-json',
          problems: 'a: missing; b: missing',
          eventType: 'other',
          integration: 'api-key',
          receivedAt: receivedAt.toISOString(),
        },
      },
    ]);
  });

  it.each([
    ['not UTF-8', Buffer.from([0xff, 0x00])],
    ['empty', ''],
    ['with a NUL', 'a\u0000b'],
    ['with U+FFFF', '\uFFFF'],
  ])('whose body SQS would refuse is a data URL of the same bytes: %s', async (_, body) => {
    expect(await quarantine(body)).toBe('confirmed');
    const [message] = await sqs.messages(QUARANTINE);
    expect(message?.attributes.bodyEncoding).toBe('data-url');
    const bytes = await (await fetch(message?.body ?? '')).arrayBuffer();
    expect(Buffer.from(bytes)).toEqual(Buffer.from(body));
  });

  it('carries no more of an event type than 256 characters: all of it is in the body', async () => {
    expect(await quarantine('x', { eventType: 'e'.repeat(LIMIT) })).toBe('confirmed');
    expect((await sqs.messages(QUARANTINE))[0]?.attributes.eventType).toHaveLength(256);
  });

  it('says which other webhook of Veriff it is', async () => {
    expect(await quarantine('{}', { reason: 'other-webhook', webhook: 'decision' })).toBe('confirmed');
    expect((await sqs.messages(QUARANTINE))[0]?.attributes).toMatchObject({ webhook: 'decision' });
  });

  it('leaves out what nobody needs when it would be too large with it', async () => {
    const body = 'x'.repeat(LIMIT - 100);
    expect(await quarantine(body)).toBe('reduced');
    expect(await sqs.messages(QUARANTINE)).toEqual([{ body, attributes: { reason: 'not-json' } }]);
  });

  it('may not be larger than a message', async () => {
    expect(await quarantine('x'.repeat(LIMIT))).toBe('too-large');
    expect(await quarantine(Buffer.alloc((LIMIT / 4) * 3))).toBe('too-large');
  });
});

/** SQS that refuses the content of each message that has this in its request, and confirms the others. */
async function refusing(pattern: RegExp) {
  const requests: string[] = [];
  const endpoint = await answering(async (request, response) => {
    const body = await text(request);
    requests.push(body);
    if (pattern.test(body)) {
      response
        .writeHead(400)
        .end(JSON.stringify({ __type: 'com.amazonaws.sqs#InvalidParameterValue', message: 'no' }));
      return;
    }
    const { MessageBody } = JSON.parse(body);
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    response.end(JSON.stringify({ MessageId: 'id', MD5OfMessageBody }));
  });
  return { endpoint, requests };
}

describe('a message that SQS refuses for what it does not need', () => {
  it.each([
    ['its trace header', /AWSTraceHeader/],
    ['an attribute', /"statusCode":\{/],
  ])('is sent again with body and event id only: for %s', async (_, pattern) => {
    const { endpoint, requests } = await refusing(pattern);
    const traceHeader = () => 'Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=1:a:0';
    const { sent, eventId } = await publish(veriffSample.body, { endpoint, traceHeader });
    expect(sent).toBe('reduced');
    expect(requests).toHaveLength(2);
    expect(JSON.parse(requests[1] ?? '')).toEqual({
      QueueUrl: sqs.urls[MAIN],
      MessageBody: veriffSample.body,
      MessageAttributes: { eventId: { DataType: 'String', StringValue: eventId } },
      MessageSystemAttributes: {},
    });
  });

  it('in quarantine is sent again with its reason only', async () => {
    const { endpoint, requests } = await refusing(/"problems":\{/);
    const why: Quarantined = { reason: 'invalid-event', problems: ['time: missing'], text: undefined };
    expect(await queues({ endpoint }).quarantine(why, delivery('x'), deadline)).toBe('reduced');
    expect(Object.keys(JSON.parse(requests[1] ?? '').MessageAttributes)).toEqual(['reason', 'bodyEncoding']);
  });
});

describe('a caller with time to spare', () => {
  it.each([
    [undefined, 2],
    [3_000, 1],
  ])('is confirmed a slow send: with a limit of %s ms after %i tries', async (sendLimitMs, tries) => {
    const md5 = createHash('md5').update(veriffSample.body).digest('hex');
    const confirmation = JSON.stringify({ MessageId: 'slow', MD5OfMessageBody: md5 });
    let requests = 0;
    const endpoint = await answering((request, response) => {
      requests += 1;
      const wait = requests === 1 ? 1_300 : 0;
      request.resume();
      request.on('end', () => setTimeout(() => response.end(confirmation), wait));
    });
    expect(await publish(veriffSample.body, { endpoint, sendLimitMs })).toMatchObject({ sent: 'confirmed' });
    expect(requests).toBe(tries);
  });
});

describe('SQS', () => {
  const reply = (status: number, body: unknown) =>
    answering((request, response) => {
      request.resume();
      request.on('end', () =>
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify(body)),
      );
    });

  it.each([
    'com.amazonaws.sqs#InvalidMessageContents',
    'com.amazon.coral.service#InvalidParameterValueException',
    'com.amazonaws.sqs#InvalidAttributeValue',
  ])('that refuses the content for good is told from one that fails: %s', async (type) => {
    const endpoint = await reply(400, { __type: type, message: 'no' });
    expect(await publish(veriffSample.body, { endpoint })).toMatchObject({ sent: 'refused' });
  });

  it.each([
    [500, { __type: 'InternalFailure' }],
    [400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no' }],
    [403, { __type: 'AccessDeniedException', message: 'no' }],
    [400, { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'slow down' }],
    [400, { __type: 'com.amazonaws.sqs#InvalidParameterValueCombination', message: 'no' }],
    [200, {}],
    [200, { MessageId: 'id', MD5OfMessageBody: '0'.repeat(32) }],
  ])('that does not confirm this very message is unavailable: %i %j', async (status, body) => {
    const endpoint = await reply(status, body);
    await expect(publish(veriffSample.body, { endpoint })).rejects.toMatchObject({
      name: 'UnavailableError',
      dependency: 'queue',
      message: 'SQS did not confirm the message.',
      cause: expect.any(Error),
    });
  });

  it('that confirms the body without naming a message has not confirmed it', async () => {
    const MD5OfMessageBody = createHash('md5').update(veriffSample.body).digest('hex');
    const endpoint = await reply(200, { MD5OfMessageBody });
    await expect(publish(veriffSample.body, { endpoint })).rejects.toMatchObject({
      cause: { message: 'Expected a MessageId from SQS, got none.', dependency: 'queue' },
    });
  });

  it('that does not answer in time has lost its connection: none is left waiting', async () => {
    const closed = Promise.withResolvers<void>();
    const time = new AbortController();
    const endpoint = await answering(({ socket }) => {
      socket.once('close', () => closed.resolve());
      time.abort();
    });
    const sent = publish(veriffSample.body, { endpoint }, 'api-key', time.signal);
    await expect(sent).rejects.toThrow('SQS did not confirm the message.');
    await closed.promise;
  });
});

describe('a FIFO queue', () => {
  const urls = {
    queueUrl: 'https://sqs.example/1/main.fifo',
    quarantineQueueUrl: 'https://sqs.example/1/quarantine.fifo',
  };

  /** What SQS is asked, by a function that sends to FIFO queues. */
  async function asked(act: (fifo: ReturnType<typeof createQueues>) => Promise<unknown>) {
    const requests: string[] = [];
    const endpoint = await answering((request, response) => {
      request.on('data', (chunk) => requests.push(String(chunk)));
      request.on('end', () => response.writeHead(500).end());
    });
    await act(queues({ endpoint, ...urls })).catch(() => undefined);
    return JSON.parse(requests[0] ?? '');
  }
  const publishing = (attemptId: string) => {
    const body = sampleWith((payload) => {
      payload.attemptId = attemptId;
    });
    return asked((fifo) => fifo.publish(valid(body), delivery(body), deadline));
  };

  it('gets the attempt as the group and the event id as what is delivered once', async () => {
    const { MessageGroupId, MessageDeduplicationId, MessageAttributes } = await publishing('att-1');
    expect(MessageGroupId).toBe('att-1');
    expect(MessageDeduplicationId).toBe(MessageAttributes.eventId.StringValue);
  });

  it.each(['a b', 'ä', 'x'.repeat(129), '\u0007'])(
    'gets a digest for an attempt that is no legal group: %j',
    async (attemptId) => {
      const { MessageGroupId } = await publishing(attemptId);
      expect(MessageGroupId).toBe(createHash('sha256').update(attemptId).digest('hex'));
    },
  );

  it('of the quarantine gets each body as a group of its own', async () => {
    const why: Quarantined = { reason: 'not-json', problems: [], text: 'x' };
    const { MessageGroupId, MessageDeduplicationId } = await asked((fifo) =>
      fifo.quarantine(why, delivery('x'), deadline),
    );
    expect(MessageGroupId).toBe(createHash('sha256').update('x').digest('hex'));
    expect(MessageDeduplicationId).toBe(MessageGroupId);
  });
});

it('a standard queue gets neither group nor deduplication id', async () => {
  const requests: string[] = [];
  const endpoint = await answering((request, response) => {
    request.on('data', (chunk) => requests.push(String(chunk)));
    request.on('end', () => response.writeHead(500).end());
  });
  await publish(veriffSample.body, { endpoint }).catch(() => undefined);
  expect(requests[0]).not.toMatch(/MessageGroupId|MessageDeduplicationId/);
});
