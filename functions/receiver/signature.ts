import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from './secret-value.ts';
import type { Stage } from './secret-version.ts';

/** Veriff's signature of a body: 64 lower-case hex digits of HMAC-SHA256, keyed with the shared secret key. */
export function sign(secret: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** A shared secret key to try. */
export interface Key extends StoredKey {
  /** The staging label of the secret's version that holds it; `AWSPREVIOUS` serves during the grace period. */
  readonly stage: Stage;
}

export type Refusal = 'signature-missing' | 'signature-malformed' | 'signature-mismatch';

/** The digest that the signature header's value stands for; or why it stands for none, which takes no key to tell. */
export function digestOf(signature: string | undefined): Buffer | Refusal {
  if (signature === undefined || signature === '') return 'signature-missing';
  return /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : 'signature-malformed';
}

/** The first key that made this digest of the body; each is compared in constant time. */
export function signerOf(body: Uint8Array, digest: Buffer, keys: readonly Key[]): Key | undefined {
  return keys.find(({ secret }) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest),
  );
}
