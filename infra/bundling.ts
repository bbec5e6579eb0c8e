import { fileURLToPath } from 'node:url';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** How the function's code becomes the file that ships; docs/performance.md has what each choice is worth. */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.CJS,
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  sourceMap: false,
  bundleAwsSDK: true,
  // The SDK loads its event streams on demand, and no call of ours has one. Bundled, they would also make esbuild
  // wrap most of the SDK into functions, so that nothing could be left out of it.
  externalModules: ['@smithy/core/event-streams'],
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': './functions/receiver/no-credential-chain.ts',
  },
  logLevel: LogLevel.WARNING,
};

/** Where the function's code is, whatever directory the app is started in. */
export const FUNCTION_SOURCE = {
  entry: inProject('functions/receiver/handler.ts'),
  projectRoot: inProject('.'),
  depsLockFilePath: inProject('package-lock.json'),
};

function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
