import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { BUNDLING, FUNCTION_SOURCE } from '../../infra/bundling.ts';
import { readAssembly } from '../../tools/local/assembly.ts';

const BUDGET_BYTES = 260_000;

interface Metafile {
  readonly outputs: Readonly<Record<string, { inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
}

let directory: string;
let inputs: string[];

/** The asset of the only function in an assembly. */
async function assetOf(assemblyDir: string): Promise<string> {
  const { template, assetDirectory } = await readAssembly(assemblyDir);
  const keys = [...JSON.stringify(template).matchAll(/"S3Key":"([^"]+)"/g)].map(([, key]) => key ?? '');
  expect(keys).toHaveLength(1);
  return assetDirectory(keys.join());
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'budget-'));
  const app = new App({ outdir: directory, analyticsReporting: false });
  new NodejsFunction(new Stack(app, 'Budget'), 'Function', {
    ...FUNCTION_SOURCE,
    runtime: Runtime.NODEJS_24_X,
    bundling: { ...BUNDLING, metafile: true },
  });
  app.synth();
  const meta: Metafile = JSON.parse(
    await readFile(join(await assetOf(directory), 'index.meta.json'), 'utf8'),
  );
  inputs = Object.values(meta.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it(`ships one file of at most ${BUDGET_BYTES / 1000} KB`, async () => {
  const { size } = await stat(join(await assetOf(inject('assemblyDir')), 'index.js'));
  expect(size).toBeLessThanOrEqual(BUDGET_BYTES);
});

it('bundles these packages and no other', () => {
  const packages = inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual([
    '@aws-lambda-powertools/commons',
    '@aws-lambda-powertools/logger',
    '@aws-lambda-powertools/metrics',
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

it('has the stand-in for the credential chain, so the alias still matches what the SDK imports', () => {
  expect(inputs.filter((path) => path.endsWith('functions/receiver/no-credential-chain.ts'))).toHaveLength(1);
});

it('has no event streams, so the exclusion still matches what the SDK imports', async () => {
  expect(inputs.filter((path) => path.includes('event-streams'))).toEqual([]);
  const code = await readFile(join(await assetOf(inject('assemblyDir')), 'index.js'), 'utf8');
  expect(code).toContain('@smithy/core/event-streams');
});

it('has no module that the bundler had to wrap into a function to load it later', async () => {
  const code = await readFile(join(await assetOf(inject('assemblyDir')), 'index.js'), 'utf8');
  const requires = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect(requires.filter((name) => !name?.startsWith('node:'))).toEqual([]);
});
