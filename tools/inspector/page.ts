import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The page's files by name: `index.html`, `icon.svg`, `style.css` and `script.js`. */
export async function buildPage() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('page/', import.meta.url)),
    entryPoints: { index: 'index.html', icon: 'icon.svg', style: 'style.css', script: 'main.tsx' },
    loader: { '.html': 'copy', '.svg': 'copy' },
    outdir: '.',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  });
  return outputFiles.map(({ path, contents }) => {
    return { name: basename(path), type: TYPES[extname(path)], contents };
  });
}
