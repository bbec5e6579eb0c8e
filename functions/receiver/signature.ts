import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from './secret-value.ts';
import type { StagingLabel } from './secret-version.ts';

/** Veriff's signature of a body: 64 lower-case hex digits of HMAC-SHA256, keyed with the shared secret key. */
export function sign(secret: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** A shared secret key to try. */
export interface Key extends StoredKey {
  /** The staging label of the version that holds the key; keys of `AWSPREVIOUS` work during the grace period. */
  readonly label: StagingLabel;
}

export type Refusal = 'signature-missing' | 'signature-malformed' | 'signature-mismatch';

/** Decodes the signature header, or says why it cannot be a signature. */
export function decodeSignature(signature: string | undefined): Buffer | Refusal {
  if (signature === undefined || signature === '') return 'signature-missing';
  const digest = Buffer.from(signature, 'hex');
  return signature.length === 64 && digest.length === 32 ? digest : 'signature-malformed';
}

/** The first key whose HMAC of the body equals the digest. Each comparison takes constant time. */
export function matchingKey(body: Uint8Array, digest: Buffer, keys: readonly Key[]): Key | undefined {
  return keys.find(({ secret }) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest),
  );
}
