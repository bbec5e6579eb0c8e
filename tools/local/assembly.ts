import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Options } from '../../infra/options.ts';

/** What the local stack needs of a cloud assembly, as `cdk synth` writes it. */
export interface Assembly {
  readonly stackName: string;
  readonly template: unknown;
  /** The directory that becomes `<key>` (`<hash>.zip`) in the bucket of assets. */
  assetDirectory(key: string): string;
}

const manifest = v.object({
  artifacts: v.record(
    v.string(),
    v.object({
      type: v.string(),
      properties: v.optional(
        v.object({ templateFile: v.optional(v.string()), stackName: v.optional(v.string()) }),
      ),
    }),
  ),
});
const assets = v.object({
  files: v.record(v.string(), v.object({ source: v.object({ path: v.string() }) })),
});

/**
 * Synthesizes a stage `local` with these options as `cdk deploy` would, bundle included.
 * @param outdir where the assembly is written
 */
export async function synthesize(options: Options, outdir: string): Promise<void> {
  // Loaded on demand: the CDK takes over a second, and a stack from a ready assembly doesn't need it.
  const { createApp } = await import('../../infra/create-app.ts');
  createApp({ stages: { local: options }, context: { stage: 'local' }, outdir }).synth();
}

/**
 * Reads an assembly of one stack.
 * @throws Error when the directory holds no assembly, or one of several stacks.
 */
export async function readAssembly(directory: string): Promise<Assembly> {
  const { artifacts } = v.parse(manifest, await readJson(join(directory, 'manifest.json')));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new Error(
      `expected one stack in ${directory}, got ${stacks.length}; synthesize it with "npx cdk synth"`,
    );
  }
  const [id, { properties }] = stack;
  const sources = await assetSources(directory);
  return {
    stackName: properties?.stackName ?? id,
    template: await readJson(join(directory, properties?.templateFile ?? `${id}.template.json`)),
    assetDirectory(key) {
      const path = sources.get(key.replace(/\.zip$/, ''));
      if (path === undefined)
        throw new Error(`expected an asset for ${key} in ${directory}, got none; synthesize again`);
      return join(directory, path);
    },
  };
}

async function assetSources(directory: string): Promise<Map<string, string>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.assets.json'));
  const lists = await Promise.all(
    files.map(async (file) => v.parse(assets, await readJson(join(directory, file)))),
  );
  return new Map(
    lists.flatMap((list) => Object.entries(list.files).map(([hash, { source }]) => [hash, source.path])),
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`expected JSON in ${file}; synthesize the stack again`, { cause });
  }
}
