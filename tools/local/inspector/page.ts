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
  const script = build({
    entryPoints: [fileURLToPath(file('main.ts'))],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  });
  const [html, css, icon, { outputFiles }] = await Promise.all([
    readFile(file('index.html')),
    readFile(file('style.css')),
    readFile(file('icon.svg')),
    script,
  ]);
  return new Map<string, PageFile>([
    ['/', { type: 'text/html; charset=utf-8', content: html }],
    ['/_inspector/style.css', { type: 'text/css; charset=utf-8', content: css }],
    ['/_inspector/icon.svg', { type: 'image/svg+xml', content: icon }],
    [
      '/_inspector/script.js',
      { type: 'text/javascript; charset=utf-8', content: outputFiles.map(({ text }) => text).join('') },
    ],
  ]);
}
