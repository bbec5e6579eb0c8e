import { readFileSync } from 'node:fs';

/** A file of contract/samples, by its name without `.json`. */
export function sampleText(name: string): string {
  return readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8');
}
