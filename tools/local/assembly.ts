import { join } from 'node:path';
import { AssetManifestArtifact, CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Options } from '../../infra/options.ts';

/** What the local stack needs of a cloud assembly, as `cdk synth` writes it. */
export interface Assembly {
  readonly stackName: string;
  readonly template: unknown;
  /** The directory that becomes `<key>` (`<hash>.zip`) in the bucket of assets. */
  assetDirectory(key: string): string;
}

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
 * Reads an assembly of one stack.
 * @throws Error when the directory holds no assembly, or one of several stacks
 */
export function readAssembly(directory: string): Assembly {
  const { stacks, artifacts } = new CloudAssembly(directory);
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new Error(`expected one stack in ${directory}, got ${stacks.length}`);
  }
  const assets = artifacts
    .filter((artifact) => AssetManifestArtifact.isAssetManifestArtifact(artifact))
    .flatMap(({ contents }) => Object.entries(contents.files ?? {}));
  const paths = new Map(assets.map(([hash, { source }]) => [`${hash}.zip`, source.path]));
  return {
    stackName: stack.stackName,
    template: stack.template,
    assetDirectory(key) {
      const path = paths.get(key);
      if (path !== undefined) return join(directory, path);
      throw new Error(`expected an asset for ${key} in ${directory}, got none; synthesize again`);
    },
  };
}
