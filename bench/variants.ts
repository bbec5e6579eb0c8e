import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as v from 'valibot';
import { BUNDLING, FUNCTION_SOURCE } from '../infra/bundling.ts';
import { type Assembly, readAssembly, synthesize } from '../tools/local/assembly.ts';

/** What is measured: a directory of code, as it would be zipped and uploaded; its handler is `index.handler`. */
export interface Variant {
  readonly name: string;
  readonly code: string;
  readonly bytes: number;
  readonly zipped: number;
}

/** The bundler's defaults, but for the SDK: left out, Lambda's own copy would be loaded, which takes longer still. */
const DEFAULTS: BundlingOptions = { bundleAwsSDK: true, logLevel: LogLevel.WARNING };

const BASELINES: Readonly<Record<string, BundlingOptions>> = {
  noop: BUNDLING,
  'sdk-only': BUNDLING,
  tutorial: DEFAULTS,
};

/** Synthesizes the stack, and the baselines as functions of a stack of their own. */
export async function buildVariants(directory: string) {
  const shippedDir = join(directory, 'shipped');
  await synthesize({ stage: 'bench' }, shippedDir);
  const assembly = await readAssembly(shippedDir);
  const baselinesDir = join(directory, 'baselines');
  const app = new App({ outdir: baselinesDir, analyticsReporting: false });
  const stack = new Stack(app, 'Baselines');
  for (const [name, bundling] of Object.entries(BASELINES)) {
    new NodejsFunction(stack, name, {
      description: name,
      ...FUNCTION_SOURCE,
      entry: fileURLToPath(new URL(`./baselines/${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      bundling,
    });
  }
  app.synth();
  return { assembly, baselines: await functionsOf(await readAssembly(baselinesDir)) };
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

async function functionsOf(assembly: Assembly): Promise<Variant[]> {
  const { Resources } = v.parse(functions, assembly.template);
  const variants: Variant[] = [];
  for (const { Properties } of Object.values(Resources)) {
    const { Description: name, Code: code } = Properties ?? {};
    if (name !== undefined && code !== undefined)
      variants.push(await variantOf(name, assembly.assetDirectory(code.S3Key)));
  }
  return variants;
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
    code,
    bytes: total(contents.map(({ length }) => length)),
    zipped: total(contents.map((content) => deflateRawSync(content).length)),
  };
}
