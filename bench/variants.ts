import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as v from 'valibot';
import { bundle, inProject } from '../infra/bundling.ts';
import { readAssembly, synthesize } from '../tools/local/assembly.ts';

/** What is measured: a directory of code, as it would be zipped and uploaded; its handler is `index.handler`. */
export interface Variant {
  readonly name: string;
  /** The URL of what Lambda would import. */
  readonly entry: string;
  readonly bytes: number;
  readonly zipped: number;
}

/** Synthesizes the stack, and bundles the baselines: one as the receiver is, two as a function that is not tuned. */
export async function buildVariants(directory: string) {
  const shippedDir = join(directory, 'shipped');
  await synthesize({}, shippedDir);
  const assembly = await readAssembly(shippedDir);
  const tuned = join(directory, 'sdk-only');
  bundle('bench/baselines/sdk-only.ts', tuned);
  const untuned = await withDefaults(['noop', 'tutorial'], join(directory, 'defaults'));
  return { assembly, baselines: untuned.toSpliced(1, 0, await variantOf('sdk-only', tuned)) };
}

const functions = v.object({
  Resources: v.record(
    v.string(),
    v.object({
      Properties: v.optional(
        v.object({ Description: v.optional(v.string()), Code: v.optional(v.object({ S3Key: v.string() })) }),
      ),
    }),
  ),
});

/** Bundles by the defaults of `NodejsFunction`, but for the SDK, of which Lambda would load its own copy. */
async function withDefaults(names: readonly string[], directory: string): Promise<Variant[]> {
  const app = new App({ outdir: directory, analyticsReporting: false });
  const stack = new Stack(app, 'Defaults');
  for (const name of names) {
    new NodejsFunction(stack, name, {
      description: name,
      entry: inProject(`bench/baselines/${name}.ts`),
      projectRoot: inProject('.'),
      depsLockFilePath: inProject('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      bundling: { bundleAwsSDK: true, logLevel: LogLevel.WARNING },
    });
  }
  app.synth();
  const { template, assetDirectory } = await readAssembly(directory);
  const codes = new Map(
    Object.values(v.parse(functions, template).Resources).map(({ Properties }) => [
      Properties?.Description,
      Properties?.Code?.S3Key,
    ]),
  );
  return Promise.all(names.map((name) => variantOf(name, assetDirectory(codes.get(name) ?? ''))));
}

/** A variant and its size; the zip's own headers, some hundred bytes, are not counted. */
export async function variantOf(name: string, code: string): Promise<Variant> {
  const files = await readdir(code, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name))),
  );
  const total = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);
  return {
    name,
    entry: pathToFileURL(join(code, files.find(({ name }) => /^index\.m?js$/.test(name))?.name ?? '')).href,
    bytes: total(contents.map(({ length }) => length)),
    zipped: total(contents.map((content) => deflateRawSync(content).length)),
  };
}
