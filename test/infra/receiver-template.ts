import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ReceiverProps } from '../../infra/options.ts';
import { Receiver } from '../../infra/receiver.ts';
import { resolve } from '../../tools/local/intrinsics.ts';

/** The template of a stack of somebody's own with these receivers, each by its id. */
export function receiverTemplate(receivers: Readonly<Record<string, ReceiverProps>>): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'receiver-'));
  try {
    const context = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true };
    const stack = new Stack(new App({ context, outdir }), 'Somebody-elses');
    for (const [id, props] of Object.entries(receivers)) new Receiver(stack, id, props);
    return Template.fromStack(stack);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** What CloudFormation makes of a value of a template in the stack with this id. */
export function resolved(value: unknown, stackUuid = '5ccc1230-1111-2222-3333-444455556666'): unknown {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': '123456789012',
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-west-1',
    'AWS::StackId': `arn:aws:cloudformation:eu-west-1:123456789012:stack/a-stack/${stackUuid}`,
  };
  return resolve(value, (id, attribute) =>
    attribute === undefined ? (pseudo[id] ?? `<${id}>`) : `<${id}.${attribute}>`,
  );
}
