import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';

/** How TypeScript becomes what ships; docs/performance.md has what each choice is worth. */
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
 * Bundles a handler into a directory as Lambda loads it: `index.mjs`, which starts it, and `receiver.cjs`.
 * @param handler the file that exports `handler`, relative to the project
 * @returns what went into `receiver.cjs`
 */
export function bundle(handler: string, directory: string): Metafile {
  buildSync({
    ...OPTIONS,
    entryPoints: ['functions/receiver/start.ts'],
    format: 'esm',
    // Only to change the asset's hash, which says nothing of modes: a bundle from before `makeReadable` may have been
    // published unreadable, and would be taken again.
    banner: { js: '/* Readable by everybody. */' },
    outfile: join(directory, 'index.mjs'),
  });
  const { metafile } = buildSync({
    ...OPTIONS,
    entryPoints: [handler],
    format: 'cjs',
    mainFields: ['module', 'main'],
    // Code that start.ts compiles can require, not import.
    supported: { 'dynamic-import': false },
    // The SDK loads its event streams on demand, and no call of ours has one. Bundled, they would also make esbuild
    // wrap most of the SDK into functions, so that nothing could be left out of it.
    external: ['@smithy/core/event-streams'],
    alias: {
      '@aws-sdk/credential-provider-node': './functions/receiver/no-credential-chain.ts',
      'node:fs/promises': './functions/receiver/no-config-files.ts',
    },
    outfile: join(directory, 'receiver.cjs'),
  });
  return metafile;
}

/** What the receiver's function is made of. */
export const RECEIVER_SOURCE = inProject('functions');

/** Puts the receiver's function into a directory. */
export function writeReceiver(directory: string): void {
  bundle('functions/receiver/handler.ts', directory);
}

/** A path of this project as an absolute one, whatever directory the app is started in. */
export function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
