import { cpSync } from 'node:fs';
import { join } from 'node:path';

// Replaces bundling.ts in the npm package, because bundling.ts needs esbuild.

/** The directory of the function that package.ts built. */
export const RECEIVER_SOURCE = join(import.meta.dirname, 'function');

/** Copies the receiver's function into a directory. */
export function writeReceiver(directory: string): void {
  cpSync(RECEIVER_SOURCE, directory, { recursive: true });
}
