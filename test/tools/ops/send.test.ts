import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readPayload } from '../../../contract/event.ts';
import { sign } from '../../../functions/receiver/signature.ts';
import type { LoopbackServer } from '../../../tools/local/loopback.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { readSample } from '../../../tools/ops/delivery.ts';
import { runProgram } from '../../support/program.ts';

const SECRET = 'a-secret-that-nobody-may-read';

let server: LoopbackServer;
let statuses: number[] = [];
let answer = '{"status":"accepted"}';
let answering = async () => {};
let received: { headers: IncomingHttpHeaders; body: Buffer }[] = [];

beforeEach(async () => {
  // Whoever runs the tests may have a secret there.
  vi.stubEnv('VERIFF_SECRET', undefined);
  statuses = [];
  received = [];
  answer = '{"status":"accepted"}';
  answering = async () => {};
  server = await serveOnLoopback(0, async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    await answering();
    response.writeHead(statuses.shift() ?? 200).end(answer);
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const run = (args: readonly string[], env: Record<string, string> = {}) => runProgram('send.ts', args, env);

function first() {
  const [delivery] = received;
  if (delivery === undefined) throw new Error('expected a delivery, got none');
  return { signature: delivery.headers['x-hmac-signature'], body: delivery.body };
}

const send = (...args: string[]) => run(['--url', server.origin, '--secret', SECRET, ...args]);

test('sends the sample as a new event, signed, and exits with 0 for a 200', async () => {
  const { code } = await send();
  expect(code).toBe(0);
  const { body } = first();
  expect(readPayload(String(body)).ok).toBe(true);
  expect(body).not.toEqual(Buffer.from(await readSample('user-status-created')));
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-hmac-signature': sign(SECRET, body),
    'x-auth-client': expect.any(String),
    'vrf-integration-id': expect.any(String),
  });
});

test('prints the request, the status, the answer and the time, and never the secret', async () => {
  const { stdout } = await send();
  expect(stdout).toContain(`POST ${server.origin}`);
  expect(stdout).toContain('x-hmac-signature: ');
  expect(stdout).toMatch(/200 in \d+ ms {2}\{"status":"accepted"\}/);
  expect(stdout).not.toContain(SECRET);
});

test('finds the file of --body from where npm was run, as npm changes to the folder of the project', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'send-'));
  await writeFile(join(folder, 'body.json'), '{"of":"the folder"}');
  const { code } = await run(['--url', server.origin, '--secret', SECRET, '--body', 'body.json'], {
    INIT_CWD: folder,
  });
  await rm(folder, { recursive: true });
  expect([code, String(first().body)]).toEqual([0, '{"of":"the folder"}']);
});

test('says of a body that is not UTF-8 that its signature cannot be verified', async () => {
  const file = join(tmpdir(), `send-${process.pid}.bin`);
  await writeFile(file, Uint8Array.of(0xff, 0xfe));
  const { stderr } = await send('--body', file);
  await rm(file);
  expect(stderr).toBe(
    "This body is not UTF-8. API Gateway hands a body on as text, and its signature can't be verified then.\n",
  );
  expect(first().body).toEqual(Buffer.of(0xff, 0xfe));
});

test('says what is wrong with a sample before it looks for a stack', async () => {
  const { code, stderr } = await run(['--sample', 'nope', '--port', '9']);
  expect(code).toBe(1);
  expect(stderr).toContain('expected a sample, got nope');
});

test.each([201, 204, 401, 503])('exits with 1 for a %i', async (status) => {
  statuses = [status];
  expect((await send()).code).toBe(1);
});

test('sends a new event for each of --count, and the same one for each of --repeat', async () => {
  await send('--count', '3', '--repeat', '2');
  const bodies = received.map(({ body }) => String(body));
  expect(bodies).toHaveLength(6);
  expect(new Set(bodies).size).toBe(3);
});

test('does not wait for answers with --rate', async () => {
  let open = 0;
  let most = 0;
  answering = async () => {
    open += 1;
    most = Math.max(most, open);
    await sleep(300);
    open -= 1;
  };
  const { code } = await send('--count', '10', '--rate', '200');
  expect([code, received.length]).toEqual([0, 10]);
  expect(most).toBeGreaterThan(1);
});

test('prints an answer on one line, with what steers a terminal escaped', async () => {
  answer = 'a\n\u001b[2Jb';
  expect((await send()).stdout).toContain('ms  a\\n\\u{1b}[2Jb\n');
});

test('exits with 1 when one of several answers was no 200', async () => {
  statuses = [200, 503, 200];
  const { code } = await send('--repeat', '3');
  expect([code, received.length]).toEqual([1, 3]);
});

test('alters the body after signing with --tamper', async () => {
  await send('--tamper');
  const { signature, body } = first();
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(signature).not.toBe(sign(SECRET, body));
});

test('needs no secret for --unsigned, and sends no signature', async () => {
  await run(['--url', server.origin, '--unsigned']);
  expect(received[0]?.headers).not.toHaveProperty('x-hmac-signature');
});

test('takes the secret from VERIFF_SECRET', async () => {
  await run(['--url', server.origin], { VERIFF_SECRET: SECRET });
  const { signature, body } = first();
  expect(signature).toBe(sign(SECRET, body));
});

test('signs with the key of the name that --integration gives', async () => {
  const value = JSON.stringify({ live: SECRET, test: `${SECRET}-2` });
  await run(['--url', server.origin, '--integration', 'test'], { VERIFF_SECRET: value });
  const { signature, body } = first();
  expect(signature).toBe(sign(`${SECRET}-2`, body));
});

test('signs with the key that the receiver reads, without the white space around it', async () => {
  await run(['--url', server.origin], { VERIFF_SECRET: `\uFEFF ${SECRET}\n` });
  const { signature, body } = first();
  expect(signature).toBe(sign(SECRET, body));
});

test.each([
  [
    'is empty',
    ' ',
    "expected Veriff's shared secret key in VERIFF_SECRET, or --secret, for a URL, got nothing",
  ],
  ['holds no key', '$' + '{SECRET_OF_VERIFF}', 'a variable that was not replaced'],
])('refuses VERIFF_SECRET when it %s, and does not look elsewhere', async (_what, value, said) => {
  const { code, stderr } = await run(['--url', server.origin], { VERIFF_SECRET: value });
  expect([code, stderr, received]).toEqual([1, expect.stringContaining(said), []]);
});

test('sends the bytes of a file with --body', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'send-'));
  await writeFile(join(directory, 'body'), Buffer.from([0xff, 0x00, 0x0a]));
  await send('--body', join(directory, 'body'));
  await rm(directory, { recursive: true });
  expect(received[0]?.body).toEqual(Buffer.from([0xff, 0x00, 0x0a]));
});

test('prints one JSON document with --json', async () => {
  statuses = [200, 401];
  const { stdout } = await send('--json', '--repeat', '2', '--vendor-data', 'v-1');
  const { deliveries } = JSON.parse(stdout);
  expect(deliveries).toMatchObject([{ answer: { status: 200 } }, { answer: { status: 401 } }]);
  expect(JSON.parse(deliveries[0].request.body).vendorData).toBe('v-1');
  expect(stdout).not.toContain(SECRET);
});

test.each([[[]], [['--rate', '2']]])('prints with --json what came before a failure: %j', async (args) => {
  answering = async () => {
    if (received.length === 3) await server.stop();
  };
  const { code, stdout, stderr } = await send('--json', '--count', '3', ...args);
  expect([code, stderr]).toEqual([1, expect.stringContaining('expected an answer from')]);
  expect(JSON.parse(stdout).deliveries).toHaveLength(2);
});

test.each<[string, string[], string]>([
  ['a URL that is none', ['--url', 'nowhere'], '--url'],
  ['a number of zero', ['--repeat', '0'], '--repeat'],
  ['a stack and a URL', ['--local'], 'expected --url or a stack'],
  [
    'a file that is not there',
    ['--secret', SECRET, '--body', '/nowhere'],
    '--body: expected a file that can be read, got ENOENT',
  ],
  ['two ways to be refused', ['--tamper', '--unsigned'], 'expected --tamper or --unsigned'],
  ['two bodies', ['--body', 'a', '--sample', 'b'], 'expected --body or --sample'],
  ['an option it does not know', ['--colour'], '--colour'],
  ['a sample that is not there', ['--secret', SECRET, '--sample', 'nope'], 'expected a sample'],
])('refuses %s in one sentence, sending nothing', async (_what, args, message) => {
  const { code, stderr } = await run(['--url', server.origin, ...args]);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(received).toEqual([]);
});

test.each([
  ['', []],
  [' of several that were begun at once, printed as JSON', ['--json', '--count', '3', '--rate', '5']],
])('says in one sentence that nothing answers at the URL%s', async (_what, args) => {
  await server.stop();
  const { code, stderr } = await send(...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^expected an answer from http:\S+, got ECONNREFUSED; start .*\n$/);
});
