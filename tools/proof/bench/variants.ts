import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { bundle } from '../../../infra/bundling.ts';
import { buildRuntime } from '../../local/build-runtime.ts';

/** What is measured: a directory of code, as it would be zipped and uploaded; its handler is `index.handler`. */
export interface Variant {
  readonly name: string;
  /** The URL of what Lambda would import. */
  readonly entry: string;
  readonly bytes: number;
  readonly zipped: number;
}

/** Bundles the baselines: one as the receiver is, two by the defaults of `NodejsFunction`, with the SDK inside. */
export async function buildBaselines(directory: string): Promise<Variant[]> {
  const tuned = join(directory, 'sdk-only');
  bundle('tools/proof/bench/baselines/sdk-only.ts', tuned);
  const untuned = async (name: string) => {
    const source = new URL(`./baselines/${name}.ts`, import.meta.url);
    buildRuntime(source, join(directory, name, 'index.js'), 'cjs');
    return variantOf(name, join(directory, name));
  };
  return [await untuned('noop'), await variantOf('sdk-only', tuned), await untuned('tutorial')];
}

/** A variant and its size; the zip's own headers, some hundred bytes, are not counted. */
export async function variantOf(name: string, code: string): Promise<Variant> {
  const files = (await readdir(code, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
  const total = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);
  return {
    name,
    entry: pathToFileURL(join(code, files.find((file) => /^index\.m?js$/.test(file.name))?.name ?? '')).href,
    bytes: total(contents.map(({ length }) => length)),
    zipped: total(contents.map((content) => deflateRawSync(content).length)),
  };
}
