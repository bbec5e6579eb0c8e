import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';

// Builds what `npm pack` puts into the package: the same modules for `import` and for `require`, each with their types. npm starts it in the
// directory of the package.

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
