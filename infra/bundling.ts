import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

const OPTIONS = {
  absWorkingDir: inProject('.'),
  platform: 'node',
  target: 'node24',
  bundle: true,
  minify: true,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Bundles a handler into two files: `index.mjs`, which Lambda loads, and `receiver.cjs`, which `index.mjs` runs.
 * @param handler the file that exports `handler`, relative to the project
 * @returns esbuild's metafile of `receiver.cjs`
 */
export function bundle(handler: string, directory: string): Metafile {
  buildSync({
    ...OPTIONS,
    entryPoints: ['functions/receiver/start.ts'],
    format: 'esm',
    outfile: join(directory, 'index.mjs'),
  });
  const { metafile } = buildSync({
    ...OPTIONS,
    entryPoints: [handler],
    format: 'cjs',
    mainFields: ['module', 'main'],
    // The code that start.ts compiles can use `require`, but not `import()`.
    supported: { 'dynamic-import': false },
    // The SDK loads event streams on demand, and none of our calls uses them. If they were bundled, esbuild would wrap
    // most of the SDK's modules in functions, and could not remove their unused code.
    external: ['@smithy/core/event-streams'],
    alias: {
      '@aws-sdk/credential-provider-node': './functions/receiver/no-credential-chain.ts',
      '@smithy/core/retry': './functions/receiver/no-sdk-retries.ts',
      'node:fs/promises': './functions/receiver/no-config-files.ts',
    },
    outfile: join(directory, 'receiver.cjs'),
  });
  return metafile;
}

export const RECEIVER_SOURCE = inProject('functions');

export function writeReceiver(directory: string): void {
  bundle('functions/receiver/handler.ts', directory);
}

/** The absolute path of a file in this project; does not depend on the working directory. */
export function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
