import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { TOOLS_USER_AGENT } from '../../../functions/receiver/own-tools.ts';
import { sign } from '../../../functions/receiver/signature.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { buildDelivery, override, post, readSample, sampleNames } from '../../../tools/ops/delivery.ts';

const SAMPLE = new URL('../../../contract/samples/user-status-created.json', import.meta.url);
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (body: Uint8Array) => JSON.parse(new TextDecoder().decode(body));

test('reads a sample byte for byte', async () => {
  expect(Buffer.from(await readSample('user-status-created'))).toEqual(await readFile(SAMPLE));
});

test('names the samples that are meant when there is none of the name', async () => {
  await expect(readSample('decision')).rejects.toThrow('got decision; choose other-webhooks/decision');
  await expect(readSample('nope')).rejects.toThrow('"npm run send -- --help" lists them');
});

test.each(['../../package', '/etc/passwd'])('reads nothing outside the samples: %s', async (name) => {
  await expect(readSample(name)).rejects.toThrow('expected a sample');
});

test('lists the invalid samples too', async () => {
  expect(await sampleNames()).toContain('invalid/trailing-comma');
});

test('sends the very same bytes when nothing is changed, JSON or not', () => {
  const body = bytes('{ not json');
  expect(override(body, { status: undefined })).toBe(body);
});

test('changes what was asked for and nothing else', async () => {
  const sample = await readSample('user-status-created');
  const before = json(sample);
  const changes = { status: 'Needs review, now!', reason: '', session: 's', attempt: 'a', vendorData: 'v' };
  const { userDefinedData } = before.data.verification;
  expect(json(override(sample, changes))).toEqual({
    ...before,
    sessionId: 's',
    attemptId: 'a',
    vendorData: 'v',
    data: {
      verification: {
        ...before.data.verification,
        userDefinedData: {
          ...userDefinedData,
          status: 'Needs review, now!',
          statusCode: 'needs_review_now',
          reason: '',
        },
      },
    },
  });
});

test("derives the code of the sample's own status as Veriff does", async () => {
  const sample = await readSample('user-status-created');
  const { status } = json(sample).data.verification.userDefinedData;
  expect(json(override(sample, { status }))).toEqual(json(sample));
});

test.each([
  ['[]', 'JSON without data.verification.userDefinedData'],
  ['', 'no JSON'],
])('refuses to change what is no event: %s', (text, got) => {
  expect(() => override(bytes(text), { status: 'x' })).toThrow(
    `expected a user-status event to change, got ${got}; send it without changes`,
  );
});

test.each([{}, { secret: 's' }, { secret: 's', tamper: true }])(
  'says that it is of the tools: %j',
  (options) => {
    expect(buildDelivery(bytes('{}'), options).headers['user-agent']).toBe(TOOLS_USER_AGENT);
  },
);

test('signs the body it sends', () => {
  const { headers, body } = buildDelivery(bytes('{"hello":"world"}'), {
    secret: 'abcdef12-abcd-abcd-abcd-abcdef012345',
  });
  expect(Buffer.from(body).toString()).toBe('{"hello":"world"}');
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-auth-client': expect.any(String),
    'x-hmac-signature': '154b0b96372cd31ca61a7d3b243b62d0b94715cecca29c994357b2a6d7254f07',
    'vrf-integration-id': expect.any(String),
  });
});

test('alters the body after it was signed, and leaves it the same JSON', () => {
  const { headers, body } = buildDelivery(bytes('{"a":1}'), { secret: 's', tamper: true });
  expect(headers['x-hmac-signature']).toBe(sign('s', '{"a":1}'));
  expect(headers['x-hmac-signature']).not.toBe(sign('s', body));
  expect(json(body)).toEqual({ a: 1 });
});

test('leaves the signature out without a secret', () => {
  expect(buildDelivery(bytes('{}'), {}).headers).not.toHaveProperty('x-hmac-signature');
});

test('follows no redirect: what answers elsewhere is no receiver', async () => {
  const server = await serveOnLoopback(0, (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/elsewhere' });
    response.end();
  });
  onTestFinished(server.stop);
  expect(await post(new URL(server.origin), buildDelivery(bytes('{}'), {}))).toMatchObject({ status: 302 });
});

test('says what it expected where when nothing answers', async () => {
  const url = new URL('http://127.0.0.1:1/');
  await expect(post(url, buildDelivery(bytes('{}'), {}))).rejects.toThrow(`expected an answer from ${url}`);
});
