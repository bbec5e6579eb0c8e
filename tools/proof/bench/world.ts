import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { readAssembly, synthesize } from '../../local/assembly.ts';
import { buildRuntime } from '../../local/build-runtime.ts';
import { planStack } from '../../local/template.ts';
import { cannedAws } from '../canned-aws.ts';
import { secretWith } from './event.ts';
import { variantOf } from './variants.ts';

/** How Lambda would start a function. */
export type Launch = Awaited<ReturnType<typeof startWorld>>['launch'];

/** SQS and Secrets Manager over TLS, the asset that ships, and the way Lambda would start it in front of them. */
export async function startWorld(directory: string) {
  await synthesize({}, directory);
  const assembly = await readAssembly(directory);
  const certificate = makeCertificate(directory);
  const [sqs, secretsManager] = [await serve(certificate), await serve(certificate)];
  const { function: planned } = planStack(assembly.template, {
    stackName: assembly.stackName,
    sqsEndpoint: sqs,
    apiEndpoint: 'http://127.0.0.1',
    functionEndpoints: { sqs, secretsManager },
  });
  const source = new URL('./runtime.ts', import.meta.url);
  const launch = {
    runtime: buildRuntime(source, join(directory, 'runtime.mjs'), 'esm'),
    functionArn: planned.functionArn,
    variables: {
      ...planned.variables,
      HOME: directory,
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      NODE_EXTRA_CA_CERTS: certificate.file,
      NODE_OPTIONS: lambdaFlags(planned.memoryMb).join(' '),
    },
  };
  const shipped = await variantOf('shipped', assembly.assetDirectory(planned.codeKey));
  return { launch, shipped };
}

function makeCertificate(directory: string) {
  const [key, file] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const kind = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const subject = '-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
  try {
    const options = `req ${kind} ${subject}`.split(' ');
    execFileSync('openssl', [...options, '-keyout', key, '-out', file], { stdio: 'ignore' });
  } catch (cause) {
    throw new Error('expected openssl to make a certificate for 127.0.0.1; install it', { cause });
  }
  return { file, key: readFileSync(key), cert: readFileSync(file) };
}

/** Each service is a server of its own, as on AWS: the function opens a connection to each. */
async function serve({ key, cert }: ReturnType<typeof makeCertificate>) {
  // A secret is called by how many keys it has.
  const listener = cannedAws((id) => secretWith(Number(id)));
  const server = createServer({ key, cert, keepAliveTimeout: 120_000 }, listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address, got none');
  return `https://127.0.0.1:${address.port}`;
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
