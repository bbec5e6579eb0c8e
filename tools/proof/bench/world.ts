import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { REGION } from '../../local/addresses.ts';
import { readAssembly, synthesize } from '../../local/assembly.ts';
import { buildRuntime } from '../../local/build-runtime.ts';
import { functionVariables } from '../../local/lambda-variables.ts';
import { planStack } from '../../local/template.ts';
import type { Launch } from './measure.ts';
import { variantOf } from './variants.ts';

const addresses = v.object({ sqs: v.string(), secretsManager: v.string(), certificate: v.string() });

/** The services, the asset that ships, and the way Lambda would start it in front of them. */
export async function startWorld(directory: string) {
  await synthesize({}, directory);
  const assembly = await readAssembly(directory);
  const services = fork(fileURLToPath(new URL('./services.ts', import.meta.url)), [directory]);
  const [message]: unknown[] = await once(services, 'message');
  const { sqs, secretsManager, certificate } = v.parse(addresses, message);
  const { function: planned } = planStack(assembly.template, {
    region: REGION,
    stackName: assembly.stackName,
    sqsEndpoint: sqs,
    apiEndpoint: 'http://127.0.0.1',
  });
  const source = new URL('./runtime.ts', import.meta.url);
  const launch: Launch = {
    runtime: buildRuntime(source, join(directory, 'runtime.mjs'), 'esm'),
    functionArn: planned.arn,
    variables: {
      ...functionVariables(planned, REGION, { sqs, secretsManager }),
      HOME: directory,
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      NODE_EXTRA_CA_CERTS: certificate,
      NODE_OPTIONS: lambdaFlags(planned.memoryMb).join(' '),
    },
  };
  const shipped = await variantOf('shipped', assembly.assetDirectory(planned.codeKey));
  return { launch, shipped, stop: () => services.disconnect() };
}

/** What Lambda's `bootstrap` gives to Node.js: a tenth of the memory is for young objects. */
function lambdaFlags(memoryMb: number): string[] {
  const young = Math.floor(memoryMb / 10);
  return [
    '--expose-gc',
    '--max-http-header-size=81920',
    `--max-semi-space-size=${Math.floor(young / 2)}`,
    `--max-old-space-size=${memoryMb - young}`,
  ];
}
