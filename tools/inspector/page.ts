import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface PageFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The page's files by the path that each is served at. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const file = (name: string) => new URL(`./page/${name}`, import.meta.url);
  const bundle = async (name: string) => {
    const entryPoints = [fileURLToPath(file(name))];
    const options = { bundle: true, minify: true, format: 'esm', target: 'es2024', write: false } as const;
    const { outputFiles } = await build({ entryPoints, ...options });
    return outputFiles.map(({ text }) => text).join('');
  };
  const html = { type: 'text/html; charset=utf-8', content: await readFile(file('index.html')) };
  const icon = { type: 'image/svg+xml', content: await readFile(file('icon.svg')) };
  const css = { type: 'text/css; charset=utf-8', content: await bundle('style.css') };
  const script = { type: 'text/javascript; charset=utf-8', content: await bundle('main.tsx') };
  return new Map<string, PageFile>([
    ['/', html],
    ['/_inspector/icon.svg', icon],
    ['/_inspector/style.css', css],
    ['/_inspector/script.js', script],
  ]);
}
