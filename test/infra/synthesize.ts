import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import type { Options } from '../../infra/options.ts';

const synthesized = new Map<string, ReturnType<typeof synthesizeAnew>>();

/** The stack of a stage, as `cdk deploy` would read it; without its bundle, which takes time. */
export function synthesize(options: Options = {}, stage = 'dev') {
  const key = JSON.stringify([options, stage]);
  const found = synthesized.get(key) ?? synthesizeAnew(options, stage);
  synthesized.set(key, found);
  return found;
}

function synthesizeAnew(options: Options, stage: string) {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesize-'));
  try {
    const context = { 'aws:cdk:bundling-stacks': [], stage };
    const app = createApp({ stages: { [stage]: options }, context, outdir });
    const [artifact] = app.synth().stacks;
    if (artifact === undefined) throw new Error('Expected the app to hold a stack, it holds none.');
    return { artifact, template: Template.fromJSON(artifact.template) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The logical id of the resource that the construct at the end of this path makes, such as `Receiver/Queue`. */
export function idOf(template: Template, path: string): string {
  const ids = Object.entries(template.toJSON().Resources)
    .filter(([, resource]) => pathOf(resource)?.endsWith(`/${path}/Resource`))
    .map(([id]) => id);
  if (ids.length !== 1) throw new Error(`Expected one resource at ${path}, found ${ids.length}.`);
  return String(ids[0]);
}

function pathOf(resource: unknown): string | undefined {
  if (typeof resource !== 'object' || resource === null || !('Metadata' in resource)) return undefined;
  const { Metadata: metadata } = resource;
  if (typeof metadata !== 'object' || metadata === null || !('aws:cdk:path' in metadata)) return undefined;
  return String(metadata['aws:cdk:path']);
}

export const arnOf = (template: Template, path: string) => ({ 'Fn::GetAtt': [idOf(template, path), 'Arn'] });
export const refTo = (template: Template, path: string) => ({ Ref: idOf(template, path) });

/** As IAM names a secret of this name: six characters that Secrets Manager adds come after it. */
export const arnOfSecret = (name: string) => ({
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':secretsmanager:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      `:secret:${name}-??????`,
    ],
  ],
});
