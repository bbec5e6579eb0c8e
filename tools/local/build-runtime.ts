import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Makes one JavaScript file of a runtime's TypeScript, for a process of its own. */
export function buildRuntime(source: URL, outfile: string, format: 'cjs' | 'esm'): string {
  buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    platform: 'node',
    format,
    target: 'node24',
    outfile,
  });
  return outfile;
}
