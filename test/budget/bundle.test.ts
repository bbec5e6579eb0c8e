import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../infra/bundling.ts';

const BUDGET_BYTES = 205_000;
const EVENT_STREAMS = '@smithy/core/event-streams';

let directory: string;
let inputs: string[];
let code: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'budget-'));
  const { outputs } = bundle('functions/receiver/handler.ts', directory);
  inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
  code = await readFile(join(directory, 'receiver.cjs'), 'utf8');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it(`ships at most ${BUDGET_BYTES / 1000} KB`, async () => {
  const sizes = await Promise.all(
    (await readdir(directory)).map(async (file) => (await stat(join(directory, file))).size),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(BUDGET_BYTES);
});

it('bundles these packages and no other', () => {
  const packages = inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual([
    '@aws-sdk/client-secrets-manager',
    '@aws-sdk/client-sqs',
    '@aws-sdk/core',
    '@aws-sdk/credential-provider-env',
    '@aws-sdk/middleware-sdk-sqs',
    '@aws/lambda-invoke-store',
    '@middy/core',
    '@smithy/core',
    '@smithy/node-http-handler',
    '@smithy/signature-v4',
    '@smithy/types',
    'valibot',
  ]);
});

it.each(['no-credential-chain', 'no-config-files', 'no-sdk-retries'])(
  'has the stand-in %s, so the alias still matches what the SDK imports',
  (name) => expect(inputs.filter((path) => path === `functions/receiver/${name}.ts`)).toHaveLength(1),
);

it('has no event streams, so the exclusion still matches what the SDK imports', () => {
  expect(inputs.filter((path) => path.includes('event-streams'))).toEqual([]);
  expect(code).toContain(EVENT_STREAMS);
});

it('has no module that the bundler had to wrap into a function to load it later', () => {
  const requires = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(requires.filter((name) => !name?.startsWith('node:'))).toEqual([EVENT_STREAMS]);
});
