import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, test } from 'vitest';
import type { FunctionResult } from '../../../tools/local/function.ts';
import type { GatewayOptions } from '../../../tools/local/gateway.ts';
import { gateway } from '../../../tools/local/gateway.ts';
import type { LoopbackServer } from '../../../tools/local/loopback.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import type { Plan } from '../../../tools/local/template.ts';

const route: Plan['route'] = {
  method: 'POST',
  path: '/hook',
  stage: '$default',
  throttle: { rate: 1, burst: 2 },
};

let server: LoopbackServer | undefined;
let events: APIGatewayProxyEventV2[] = [];
afterEach(async () => {
  await server?.stop();
  events = [];
});

const says = (payload: unknown): FunctionResult => ({
  kind: 'answered',
  environment: 'e',
  requestId: 'r',
  payload: JSON.stringify(payload),
});

async function start(
  result: FunctionResult = says({ statusCode: 200 }),
  options: Partial<GatewayOptions> = {},
) {
  const listener = gateway({
    route,
    invoke: async (event) => {
      events.push(event);
      return result;
    },
    onExchange: () => {},
    ...options,
  });
  server = await serveOnLoopback(0, listener);
  return `${server.origin}/hook`;
}

async function eventOf(init: RequestInit, query = '') {
  await fetch(`${await start()}${query}`, { method: 'POST', ...init });
  const [event] = events;
  if (event === undefined) throw new Error('expected the function to be called');
  return event;
}

describe('the event', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'APPLICATION/XML',
    'application/javascript',
  ])('holds a body of %s as text', async (type) => {
    const event = await eventOf({ headers: { 'content-type': type }, body: '{"a":"ü"}' });
    expect([event.body, event.isBase64Encoded]).toEqual(['{"a":"ü"}', false]);
  });

  test.each(['application/octet-stream', 'application/x-www-form-urlencoded', 'application/problem+json'])(
    'holds a body of %s as base64',
    async (type) => {
      const event = await eventOf({ headers: { 'content-type': type }, body: 'abc' });
      expect([event.body, event.isBase64Encoded]).toEqual(['YWJj', true]);
    },
  );

  test('holds a body without a content type as base64', async () => {
    const event = await eventOf({ body: new Uint8Array([0xff, 0x00]) });
    expect([event.body, event.isBase64Encoded]).toEqual(['/wA=', true]);
  });

  test('has no body when none was sent', async () => {
    const event = await eventOf({});
    expect(event).not.toHaveProperty('body');
    expect(event.isBase64Encoded).toBe(false);
  });

  test('joins a header that comes twice by a comma, its name in lower case', async () => {
    const { host, hostname, port } = new URL(await start());
    await new Promise((resolve) => {
      const headers = ['Host', host, 'X-Twice', 'a', 'x-twice', 'b', 'Content-Length', '0'];
      request({ host: hostname, port, path: '/hook', method: 'POST', headers }, resolve).end();
    });
    expect(events[0]?.headers).toMatchObject({ 'x-twice': 'a,b', host });
  });

  test('describes the request as payload format 2.0 does', async () => {
    const now = Date.UTC(2026, 10, 3, 4, 5, 6);
    await fetch(`${await start(undefined, { now: () => now })}?a=1&a=2&b=%20`, {
      method: 'POST',
      headers: { 'user-agent': 'veriff' },
    });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /hook',
      rawPath: '/hook',
      rawQueryString: 'a=1&a=2&b=%20',
      queryStringParameters: { a: '1,2', b: ' ' },
      requestContext: {
        stage: '$default',
        time: '03/Nov/2026:04:05:06 +0000',
        timeEpoch: now,
        http: {
          method: 'POST',
          path: '/hook',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'veriff',
        },
      },
    });
  });
});

describe('the answer', () => {
  const ask = async (result: FunctionResult) => fetch(await start(result), { method: 'POST' });

  test('is what the function returned', async () => {
    const response = await ask(says({ statusCode: 401, headers: { 'X-A': 'b' }, body: 'no' }));
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([401, 'b', 'no']);
  });

  test('is decoded when the function says base64', async () => {
    expect(await (await ask(says({ statusCode: 200, body: 'YWJj', isBase64Encoded: true }))).text()).toBe(
      'abc',
    );
  });

  test.each<[number, string, string, FunctionResult]>([
    [
      500,
      'Internal Server Error',
      'the function failed',
      { kind: 'failed', environment: 'e', requestId: 'r', error: { errorType: 'E', errorMessage: '' } },
    ],
    [
      500,
      'Internal Server Error',
      'the function returned no status that HTTP knows',
      says({ statusCode: 'x' }),
    ],
    [500, 'Internal Server Error', 'the function returned no status', says({ hello: 'world' })],
    [
      503,
      'Service Unavailable',
      'the function timed out',
      { kind: 'timedOut', environment: 'e', requestId: 'r' },
    ],
  ])('is %i %s when %s', async (status, message, _when, result) => {
    const response = await ask(result);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });
});

describe('what never reaches the function', () => {
  test.each([
    ['GET', '/hook'],
    ['POST', '/hook/'],
    ['POST', '/'],
    ['POST', '/other'],
  ])('%s %s is off the route: 404', async (method, path) => {
    const url = new URL(path, await start());
    const response = await fetch(url, { method });
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(events).toEqual([]);
  });

  test('a body above 10 MB, announced: 413', async () => {
    const response = await fetch(await start(), {
      method: 'POST',
      body: new Uint8Array(10 * 1024 * 1024 + 1),
    });
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    expect(events).toEqual([]);
  });

  test('a body above 10 MB, in chunks that nobody announced: 413', async () => {
    const url = await start();
    const status = await new Promise((resolve) => {
      const outgoing = request(url, { method: 'POST' }, (response) => {
        resolve(text(response).then(() => response.statusCode));
      });
      outgoing.on('error', () => {});
      for (let megabyte = 0; megabyte < 11; megabyte += 1) outgoing.write(new Uint8Array(1024 * 1024));
    });
    expect(status).toBe(413);
    expect(events).toEqual([]);
  });

  test('a body of exactly 10 MB does reach it', async () => {
    await fetch(await start(), { method: 'POST', body: new Uint8Array(10 * 1024 * 1024) });
    expect(events).toHaveLength(1);
  });

  test('what is above the rate, once the burst is used up: 429', async () => {
    let now = 0;
    const url = await start(undefined, { throttle: true, now: () => now });
    const ask = async () => (await fetch(url, { method: 'POST' })).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    now = 1000;
    expect([await ask(), await ask()]).toEqual([200, 429]);
  });
});
