/**
 * SQS and Secrets Manager over TLS on the loopback interface: a program of its own, so that its work is not counted as
 * the function's. Makes its certificate in the directory it is given, and tells its parent where it answers.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { cannedAws } from '../canned-aws.ts';
import { secretWith } from './delivery.ts';

const directory = process.argv[2] ?? '';
const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
const kind = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
const subject = '-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1';
try {
  const options = `req ${kind} ${subject}`.split(' ');
  execFileSync('openssl', [...options, '-keyout', key, '-out', cert], { stdio: 'ignore' });
} catch (cause) {
  throw new Error('expected openssl to make a certificate for 127.0.0.1; install it', { cause });
}

/** Each service is a server of its own, as on AWS: the function opens a connection to each. */
async function serve(): Promise<string> {
  const credentials = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createServer(
    { ...credentials, keepAliveTimeout: 120_000 },
    // A secret is called by how many keys it has.
    cannedAws((id) => secretWith(Number(id))),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address, got none');
  return `https://127.0.0.1:${address.port}`;
}

process.on('disconnect', () => process.exit(0));
process.send?.({ sqs: await serve(), secretsManager: await serve(), certificate: cert });
