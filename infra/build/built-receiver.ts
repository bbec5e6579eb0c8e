import { cpSync } from 'node:fs';
import { join } from 'node:path';

// Replaces bundling.ts in the npm package, because bundling.ts needs esbuild: copies the function that package.ts built.

export const RECEIVER_SOURCE = join(import.meta.dirname, 'function');

export function writeReceiver(directory: string): void {
  cpSync(RECEIVER_SOURCE, directory, { recursive: true });
}
