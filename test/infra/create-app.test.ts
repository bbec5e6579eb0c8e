import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReceiverEnv } from '../../functions/receiver/config.ts';
import { createApp } from '../../infra/create-app.ts';
import type { Options } from '../../infra/options.ts';
import { stages } from '../../infra/stages.ts';
import { synthesize } from './synthesize.ts';

const ENTRY = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));
const NO_BUNDLE = { 'aws:cdk:bundling-stacks': [] };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'create-app-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** What the CDK CLI does with the `app` of cdk.json, on a machine that knows nothing of AWS. */
function runEntry(context: Record<string, unknown>, outdir: string) {
  // Whoever runs the CLI may have such a umask, and Lambda reads the files as another user.
  const script = `process.umask(0o077); import(${JSON.stringify(pathToFileURL(ENTRY).href)});`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: directory,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...NO_BUNDLE, ...context }),
    },
  });
}

describe('the app that the CDK CLI starts', () => {
  test.each(Object.entries<Options>(stages))(
    'makes the very template that the tests read, with no credentials and from any directory: stage %s',
    (stage, options) => {
      const outdir = join(directory, `cli-${stage}`);
      expect(runEntry({ stage }, outdir)).toMatchObject({ status: 0 });
      const written = readFileSync(join(outdir, `veriff-status-receiver-${stage}.template.json`), 'utf8');
      expect(JSON.parse(written)).toEqual(synthesize(options, stage).template.toJSON());
    },
  );

  test('stops at a stage that is not there with a sentence, exit code 1 and nothing written', () => {
    const outdir = join(directory, 'wrong');
    const { status, stderr } = runEntry({ stage: 'prdo' }, outdir);
    expect(stderr).toBe(
      `infra/stages.ts has no stage "prdo"; it has ${Object.keys(stages).join(', ')}. Use one of these, or add the stage there.\n`,
    );
    expect(status).toBe(1);
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
  });
});

describe("cdk-nag's AwsSolutions pack", () => {
  test('fails the synth when it finds something', () => {
    const app = createApp({ stages: { dev: {} }, context: NO_BUNDLE, outdir: join(directory, 'nag') });
    const stack = app.node.findChild('veriff-status-receiver-dev');
    new Queue(stack, 'PlainHttp');
    expect(() => app.synth()).toThrow('AwsSolutions-SQS4');
  });

  test('finds nothing but these, each acknowledged with a reason', () => {
    const reasons = createApp({ stages: { dev: {} }, context: NO_BUNDLE, outdir: join(directory, 'nag') })
      .node.findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data));

    expect(reasons.map(([rule]) => rule.replace(/^.*::AwsSolutions/, 'AwsSolutions')).sort()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-SMG4',
      'AwsSolutions-SQS3',
    ]);
    for (const [, reason] of reasons) expect(reason).toMatch(/^\w.{40,}\.$/);
  });
});

test('the bundle can be read by everybody, is an ES module that exports the handler, and needs nothing but Node', () => {
  const outdir = join(directory, 'bundle');
  const { status, stderr } = runEntry({ 'aws:cdk:bundling-stacks': ['**'] }, outdir);
  expect(status).toBe(0);
  // Nothing else is said than that.
  expect(stderr).toMatch(/^Bundling asset [^\n]+\n$/);
  const modes = globSync('asset.*{,/*}', { cwd: outdir }).map((file) => [
    basename(file).replace(/^asset\..*/, 'asset'),
    (statSync(join(outdir, file)).mode & 0o777).toString(8),
  ]);
  expect(Object.fromEntries(modes)).toEqual({ asset: '755', 'index.mjs': '644', 'receiver.cjs': '644' });
  const env = {
    QUEUE_URL: 'http://127.0.0.1:9/queue',
    QUARANTINE_QUEUE_URL: 'http://127.0.0.1:9/quarantine',
    SECRET_ID: 'secret',
    PREVIOUS_SECRET_GRACE_HOURS: '24',
    ALLOWED_SOURCES: '',
    TRACING: 'off',
    METRICS_SERVICE: 'test',
    METRICS_NAMESPACE: 'test',
  } satisfies ReceiverEnv;
  const [entry = ''] = globSync('asset.*/index.mjs', { cwd: outdir });
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(join(outdir, entry)).href)});
    process.stdout.write(typeof handler);
    process.exit();
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...env, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
  });
  expect(stdout).toBe('function');
});
