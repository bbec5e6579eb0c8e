import { cpSync } from 'node:fs';
import { join } from 'node:path';

// In the npm package this stands in for bundling.ts, which needs esbuild.

/** The function as package.ts built it. */
export const RECEIVER_SOURCE = join(import.meta.dirname, 'function');

/** Puts the receiver's function into a directory. */
export function writeReceiver(directory: string): void {
  cpSync(RECEIVER_SOURCE, directory, { recursive: true });
}
