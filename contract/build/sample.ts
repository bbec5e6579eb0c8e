import { readFileSync } from 'node:fs';

/** Reads `contract/samples/<name>.json`. */
export function sampleText(name: string): string {
  return readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8');
}
