import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { inProject, writeReceiver } from '../bundling.ts';

// Builds the files that `npm pack` puts into the package: the construct, its types and the built function. The construct
// is CommonJS, like aws-cdk-lib, because both kinds of modules can load it. npm runs this script in the package's directory.

rmSync('dist', { recursive: true, force: true });
writeReceiver(inProject('infra/dist/function'));
await build({
  entryPoints: ['receiver.ts'],
  outfile: 'dist/receiver.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [
    {
      name: 'built function',
      setup({ onResolve }) {
        onResolve({ filter: /\/bundling\.ts$/ }, () => ({
          path: inProject('infra/build/built-receiver.ts'),
        }));
      },
    },
  ],
  logLevel: 'warning',
});
execFileSync(process.execPath, ['../node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
copyFileSync('../LICENSE', 'LICENSE');
