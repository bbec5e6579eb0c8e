import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** The file to trust, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
}

/**
 * A self-signed certificate for 127.0.0.1 that is thrown away with its directory: real services speak TLS, and the
 * handshakes are a good part of what a cold start costs.
 * @throws Error when there is no `openssl` to make it with.
 */
export async function createCertificate(directory: string): Promise<Certificate> {
  await mkdir(directory, { recursive: true });
  const [key, file] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', file]);
  } catch (cause) {
    throw new Error('expected openssl to make a certificate for 127.0.0.1; install it', { cause });
  }
  return { key: await readFile(key), cert: await readFile(file), file };
}
