import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LocalStack } from '../../../../tools/local/stack.ts';
import { startLocalStack } from '../../../../tools/local/stack.ts';

let stack: LocalStack;
let deliveries = 0;
beforeAll(async () => {
  const onDelivery = () => {
    deliveries += 1;
  };
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), inspector: true, onDelivery });
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
  JSON.stringify({ sample: 'user-status-created', manner: 'signed', ...fields });
const guard = { 'x-inspector': 'test' };
const send = (headers: OutgoingHttpHeaders, body = order()) =>
  ask('/_inspector/send', { method: 'POST', headers, body });

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
    for (const path of ['/', '/_inspector/stack']) {
      statuses.push((await fetch(new URL(path, plain.url))).status);
    }
    await plain.stop();
    expect([plain.inspectorUrl, ...statuses]).toEqual([undefined, 404, 404]);
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
      const paths = ['/', '/_inspector/stack', '/_inspector/events', '/_inspector/queues/main'];
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

  test.each(['/_inspector/script.js', '/_inspector/events', '/_inspector/stack'])(
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
  test('describes the running stack, without its secret', async () => {
    const { body } = await ask('/_inspector/stack');
    expect(JSON.parse(body)).toMatchObject({
      url: stack.url,
      secretName: stack.secretName,
      queues: { main: stack.queues.main.url },
      outputs: stack.outputs,
    });
    expect(body).not.toContain(stack.secret);
  });

  test('sends through the webhook what it is told to', async () => {
    const answers = [];
    for (const manner of ['signed', 'tampered', 'unsigned', 'repeated']) {
      const { status, body } = await send(guard, order({ manner }));
      answers.push([status, ...JSON.parse(body).answers.map((answer: { status: number }) => answer.status)]);
    }
    expect(answers).toEqual([
      [200, 200],
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
    expect(JSON.parse(answer.body).answers).toMatchObject([{ status: 200 }]);
    expect(JSON.parse(unnamed.body).answers).toMatchObject([{ status: 200 }]);
    expect([unknown.status, unknown.body]).toEqual([400, expect.stringContaining('key-1, key-2')]);
  });

  test.each([
    ['no JSON', '{'],
    ['a sample outside the folder', order({ sample: '../../package' })],
    ['a manner that it does not know', order({ manner: 'backwards' })],
    ['a change to what is no event', order({ sample: 'invalid/not-an-object', status: 'x' })],
    ['more than a form holds', order({ reason: 'x'.repeat(70_000) })],
  ])('refuses %s, sending nothing', async (_what, body) => {
    const answer = await send(guard, body);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { error: expect.any(String) }]);
    expect(deliveries).toBe(0);
  });

  test('knows no delivery that never was', async () => {
    expect((await ask('/_inspector/deliveries/x')).status).toBe(404);
  });

  test('shows what lies on a queue without receiving it', async () => {
    await send(guard);
    const answer = await fetch(new URL('/_inspector/queues/main', stack.url));
    expect(await answer.json()).toMatchObject({
      total: 1,
      messages: [{ state: 'ready', receives: 0, attributes: { eventType: 'user-status.created' } }],
    });
  });
});
