import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { runProgram } from '../../support/program.ts';

const TOOLS = ['replay.ts', 'receive.ts', 'secret.ts', 'send.ts', 'doctor.ts'];

/** A proxy that lets nothing through. */
const asked: (string | undefined)[] = [];
const proxy = createServer((_, response) => response.writeHead(502).end());
proxy.on('connect', ({ url }, socket) => {
  asked.push(url);
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});

const aws = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'a',
  AWS_SECRET_ACCESS_KEY: 'b',
  AWS_MAX_ATTEMPTS: '1',
  VERIFF_SECRET: 'a-key-of-16-characters',
};
let proxied: Record<string, string>;

beforeAll(async () => {
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const url = `http://127.0.0.1:${address.port}`;
  // Whoever runs the tests may have variables of their own.
  const own = { https_proxy: url, http_proxy: url, NO_PROXY: '', no_proxy: '' };
  proxied = { ...aws, HTTPS_PROXY: url, HTTP_PROXY: url, ...own };
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(() => proxy.close());

it.each([
  ['replay.ts', ['--stack', 'a'], 'cloudformation.eu-west-1.amazonaws.com:443'],
  ['send.ts', ['--url', 'https://abc.example/webhooks'], 'abc.example:443'],
])('a tool reaches AWS through HTTPS_PROXY: %s', async (tool, args, host) => {
  const { code, stderr } = await runProgram(tool, args, proxied);
  expect(code).toBe(1);
  expect(asked[0]).toBe(host);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it('a tool reaches this machine without the proxy', async () => {
  const server = await serveOnLoopback(0, (_, response) => response.writeHead(200).end());
  const { code } = await runProgram('send.ts', ['--url', server.origin], proxied);
  await server.stop();
  expect([code, asked]).toEqual([0, []]);
});

it.each([
  ['no Region', { AWS_REGION: '' }, 'set AWS_REGION'],
  ['no credentials', { AWS_ACCESS_KEY_ID: '' }, 'sign in to AWS again, or set AWS_PROFILE'],
])('a tool says in a sentence that there is %s, and what to do', async (_, lacking, todo) => {
  const none = {
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_DEFAULT_REGION: '',
  };
  for (const tool of TOOLS) {
    const ended = await runProgram(tool, ['--stack', 'a'], { ...aws, ...none, ...lacking });
    expect([tool, ended.code, `${ended.stderr}${ended.stdout}`]).toEqual([
      tool,
      1,
      expect.stringContaining(todo),
    ]);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  }
});

it.each([
  ['secret.ts', '--add'],
  ['replay.ts', '--apply'],
])('a tool refuses an option that npm reads letter by letter: %s %s', async (tool, option) => {
  const { code, stderr } = await runProgram(tool, ['--local', '--port', '1'], { npm_config_all: 'true' });
  expect([code, stderr]).toEqual([1, expect.stringContaining(`-- ${option}, and what else you gave`)]);
});

it.each(TOOLS)('a tool refuses options that npm has taken: %s', async (tool) => {
  const { code, stderr } = await runProgram(tool, [], { npm_config_stack: 'prod' });
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`run: npm run ${tool.replace('.ts', '')} -- --stack <name>, and`),
  ]);
});

it.each([
  ['as an argument', 'secret.ts', ['THEKEY'], { npm_config_all: 'true' }],
  ['as an argument', 'send.ts', ['THEKEY'], { npm_config_secret: 'true' }],
  ['with its option', 'send.ts', [], { npm_config_secret: 'THEKEY' }],
])('a tool does not repeat the key that npm hands on %s: %s', async (_, tool, args, taken) => {
  const { code, stdout, stderr } = await runProgram(tool, args, taken);
  expect([code, stderr]).toEqual([1, expect.stringContaining('expected the options after "--"')]);
  expect(stdout + stderr).not.toContain('THEKEY');
});

it('a tool says how to be rid of a setting of npm that is called as its option', async () => {
  const { stderr } = await runProgram('send.ts', [], { npm_config_json: 'true' });
  expect(stderr).toContain('if you gave none, npm is set so for good: unset npm_config_json, or');
});

it('a tool leaves "yes" to npm: many set it for good, and it may only agree to what is asked after "--"', async () => {
  const { stderr } = await runProgram('secret.ts', ['--status'], { npm_config_yes: 'true' });
  expect(stderr).toContain('expected --stack or --local, got neither');
});

it('a tool takes an option after "--", whatever npm has of that name', async () => {
  const env = { npm_config_add: 'true', npm_config_stack: 'prod' };
  const { stderr } = await runProgram('secret.ts', ['--add', '--stack=a/b/c'], env);
  expect(stderr).toContain('--stack: expected the name of a stack');
});
