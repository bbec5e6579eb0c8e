import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { InspectedStack } from '../../../tools/inspector/inspector.ts';
import { startInspectedStack } from '../../../tools/inspector/inspector.ts';
import { startLocalStack } from '../../../tools/local/stack.ts';
import { webhook } from '../../support/webhook.ts';

let stack: InspectedStack;
let deliveries = 0;
beforeAll(async () => {
  const onDelivery = () => {
    deliveries += 1;
  };
  stack = await startInspectedStack({ assemblyDir: inject('assemblyDir'), onDelivery });
});
afterEach(async () => {
  deliveries = 0;
  for (const { url } of Object.values(stack.queues)) await stack.sqs.purge(url);
});
afterAll(() => stack.stop());

interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** `fetch` would set Host and Origin itself. */
function ask(path: string, { method = 'GET', headers = {}, body = '' }: Ask = {}) {
  return new Promise<{ status: number | undefined; headers: OutgoingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const outgoing = request(new URL(path, stack.url), { method, headers }, async (answer) => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: await text(answer) });
      });
      outgoing.on('error', reject).end(body);
    },
  );
}

const order = (fields: Record<string, unknown> = {}) =>
  JSON.stringify({ sample: 'user-status-created', manner: 'signed', count: 1, ...fields });
const guard = { 'x-inspector': 'test' };
const send = (headers: OutgoingHttpHeaders, body = order()) =>
  ask('/_inspector/send', { method: 'POST', headers, body });

const fates = v.pipe(v.string(), v.parseJson(), v.array(v.object({ status: v.number() })));
const sentOf = (body: string) => v.parse(fates, body);

describe('the page', () => {
  test('is served at / and may load and run only what is its own', async () => {
    const { status, headers } = await ask('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });

  test('is not there unless asked for', async () => {
    const plain = await startLocalStack({ assemblyDir: inject('assemblyDir') });
    const statuses = [];
    for (const path of ['/', '/_inspector/events']) {
      statuses.push((await fetch(new URL(path, plain.url))).status);
    }
    await plain.stop();
    expect(statuses).toEqual([404, 404]);
  });

  test.each([
    ['POST', '/'],
    ['GET', '/webhooks/veriff/user-statuses'],
    ['OPTIONS', '/_inspector/send'],
    ['GET', '/_inspector/send'],
    ['GET', '/_inspector/'],
    ['GET', '/favicon.ico'],
  ])('leaves %s %s to the gateway: 404', async (method, path) => {
    const { status, headers, body } = await ask(path, { method });
    expect([status, body]).toEqual([404, '{"message":"Not Found"}']);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('a name that somebody points at 127.0.0.1', () => {
  test.each(['evil.example', 'evil.example:3000', '127.0.0.1.evil.example', '127.0.0.1@evil.example'])(
    'is no way in: Host %s',
    async (host) => {
      const paths = ['/', '/_inspector/script.js', '/_inspector/events', '/_inspector/queues/main'];
      const answers = await Promise.all(paths.map((path) => ask(path, { headers: { host } })));
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    },
  );

  test.each(['localhost:9999', '127.0.0.1'])('is not what %s is', async (host) => {
    expect((await ask('/', { headers: { host } })).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  const host = 'localhost:3000';

  test.each<[string, OutgoingHttpHeaders]>([
    ['without the header that needs permission', {}],
    ['under another origin', { ...guard, host, origin: 'http://evil.example' }],
    ['from another port', { ...guard, host, origin: 'http://localhost:5173' }],
    ['by another scheme', { ...guard, host, origin: 'https://localhost:3000' }],
    ['from nowhere', { ...guard, host, origin: 'null' }],
    ['when the browser says so', { ...guard, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['with a form', { host, origin: 'http://evil.example', 'sec-fetch-mode': 'navigate' }],
  ])('cannot send %s', async (_how, headers) => {
    expect((await send(headers)).status).toBe(403);
    expect(deliveries).toBe(0);
  });

  test.each(['/_inspector/script.js', '/_inspector/events', '/_inspector/queues/main'])(
    'cannot load %s',
    async (path) => {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
      expect((await ask(path, { headers })).status).toBe(403);
    },
  );

  test('can link to the page', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask('/', { headers })).status).toBe(200);
  });
});

describe('the API', () => {
  test('tells the page nothing of the secret', async () => {
    const events = await fetch(new URL('/_inspector/events', stack.url));
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    let told = '';
    while (!told.includes('\n\n')) told += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    expect(told).toContain(stack.url);
    expect(told).not.toContain(stack.secret);
  });

  test('sends through the webhook what it is told to', async () => {
    const answers = [];
    for (const fields of [
      {},
      { manner: 'tampered' },
      { manner: 'unsigned' },
      { manner: 'other-key' },
      { count: 3 },
    ]) {
      const { status, body } = await send(guard, order(fields));
      answers.push([status, ...sentOf(body).map((one) => one.status)]);
    }
    expect(answers).toEqual([
      [200, 200],
      [200, 401],
      [200, 401],
      [200, 401],
      [200, 200, 200, 200],
    ]);
    expect(await stack.sqs.depth(stack.queues.main.name)).toBe(4);
  });

  test('signs with a key that is stored now, with that of the integration when it is named', async () => {
    stack.secrets.put(stack.secretName, {
      SecretString: '{"key-1":"one-0123456789abcd","key-2":"two-0123456789abcd"}',
    });
    await stack.function.recycle();
    const answer = await send(guard, order({ integration: 'key-2' }));
    const unnamed = await send(guard, order());
    const unknown = await send(guard, order({ integration: 'key-3' }));
    stack.secrets.put(stack.secretName, { SecretString: stack.secret ?? '' });
    await stack.function.recycle();
    expect(sentOf(answer.body)).toMatchObject([{ status: 200 }]);
    expect(sentOf(unnamed.body)).toMatchObject([{ status: 200 }]);
    expect([unknown.status, JSON.parse(unknown.body)]).toEqual([
      400,
      { error: expect.stringContaining('key-1, key-2'), field: 'integration' },
    ]);
  });

  test.each([
    ['no JSON', '{', undefined],
    ['a sample outside the folder', order({ sample: '../../package' }), 'sample'],
    ['a manner that it does not know', order({ manner: 'backwards' }), 'manner'],
    ['a change to what is no event', order({ sample: 'invalid/not-an-object', status: 'x' }), 'status'],
    ['more than a field holds', order({ reason: 'x'.repeat(70_000) }), 'reason'],
    ['more deliveries than a page can show', order({ count: 501 }), 'count'],
  ])('refuses %s, sending nothing, and says what is wrong and where', async (_what, body, field) => {
    const answer = await send(guard, body);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { error: expect.any(String), field }]);
    expect(deliveries).toBe(0);
  });

  test('sends no delivery again that never was', async () => {
    const answer = await ask('/_inspector/again', { method: 'POST', headers: guard, body: '"x"' });
    expect([answer.status, deliveries]).toEqual([400, 0]);
  });

  test('sends again what came with headers of its connection', async () => {
    const { body, headers } = webhook({ secret: stack.secret ?? '' });
    const hop = {
      expect: '100-continue',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'proxy-connection': 'close',
    };
    const path = new URL(stack.url).pathname;
    const first = await ask(path, { method: 'POST', headers: { ...headers, ...hop }, body: String(body) });
    const id = JSON.stringify(first.headers['apigw-requestid']);
    const again = await ask('/_inspector/again', { method: 'POST', headers: guard, body: id });
    expect([again.status, JSON.parse(again.body)]).toEqual([200, expect.objectContaining({ status: 200 })]);
  });

  test('shows what lies on a queue without receiving it', async () => {
    await send(guard);
    const answer = await fetch(new URL('/_inspector/queues/main', stack.url));
    const told = await answer.text();
    expect(JSON.parse(told)).toMatchObject([
      { receives: 0, attributes: { eventType: 'user-status.created' } },
    ]);
    expect(told).not.toContain('receiptHandle');
  });
});
