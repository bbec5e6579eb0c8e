import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';

// Builds the files that `npm pack` puts into the package: ES modules for `import` and CommonJS modules for `require`,
// both with types. npm runs this script in the package's directory.

const AS_COMMON_JS = [
  '--module',
  'commonjs',
  '--moduleResolution',
  'bundler',
  '--verbatimModuleSyntax',
  'false',
];

rmSync('dist', { recursive: true, force: true });
compile('dist/esm');
compile('dist/cjs', ...AS_COMMON_JS);
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
copyFileSync('../LICENSE', 'LICENSE');

function compile(outDir: string, ...options: readonly string[]): void {
  const args = ['-p', 'tsconfig.build.json', '--outDir', outDir, ...options];
  execFileSync(process.execPath, ['../node_modules/typescript/bin/tsc', ...args], { stdio: 'inherit' });
}
