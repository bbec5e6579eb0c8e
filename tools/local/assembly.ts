import { join } from 'node:path';
import { AssetManifestArtifact, CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Options } from '../../infra/options.ts';

/**
 * Synthesizes a stage `local` with these options as `cdk deploy` would, bundle included.
 * @param outdir where the assembly is written
 */
export async function synthesize(options: Options, outdir: string): Promise<void> {
  // Loaded on demand: it takes over a second, and a stack from a ready assembly doesn't need it.
  const { createApp } = await import('../../infra/create-app.ts');
  createApp({ stages: { local: options }, context: { stage: 'local' }, outdir }).synth();
}

/**
 * What the local stack needs of a cloud assembly of one stack, as `cdk synth` writes it.
 * @throws Error when the directory holds no assembly, or one of several stacks
 */
export function readAssembly(directory: string) {
  const { stacks, artifacts } = new CloudAssembly(directory);
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new Error(`expected one stack in ${directory}, got ${stacks.length}`);
  }
  const assets = artifacts
    .filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact))
    .flatMap(({ contents }) => Object.entries(contents.files ?? {}));
  const template: unknown = stack.template;
  return {
    stackName: stack.stackName,
    template,
    /** The directory that becomes `<key>` (`<hash>.zip`) in the bucket of assets. */
    assetDirectory(key: string): string {
      const path = assets.find(([hash]) => `${hash}.zip` === key)?.[1].source.path;
      if (path !== undefined) return join(directory, path);
      throw new Error(`expected an asset for ${key} in ${directory}, got none; synthesize again`);
    },
  };
}
