import { createHmac, timingSafeEqual } from 'node:crypto';

/** Veriff's signature of a body: 64 lower-case hex digits of HMAC-SHA256, keyed with the shared secret key. */
export function sign(secret: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** One shared secret key to try. */
export interface Key {
  readonly secret: string;
  /** The integration's API key that `x-auth-client` must name; undefined: the key serves whatever is named. */
  readonly integration: string | undefined;
  /** The previous key is tried during the grace period after a rotation. */
  readonly stage: 'AWSCURRENT' | 'AWSPREVIOUS';
}

/** What is verified: the bytes as they came, and what the headers say of them. */
export interface Signed {
  readonly body: Uint8Array;
  /** The header's value, unchecked. */
  readonly signature: string | undefined;
  /** `x-auth-client`, unchecked. */
  readonly integration: string | undefined;
}

export type Refusal =
  | 'signature-missing'
  | 'signature-malformed'
  | 'signature-mismatch'
  | 'integration-unknown';

export type Verdict =
  | { readonly ok: true; readonly key: Key }
  | { readonly ok: false; readonly reason: Refusal };

/** The digest that a header's value names; or why it names none, which takes no secret to tell. */
export function digestOf(signature: string | undefined): Buffer | Refusal {
  if (signature === undefined || signature === '') return 'signature-missing';
  return /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : 'signature-malformed';
}

/** Tries the keys that fit the integration, each compared in constant time. Never throws. */
export function verify({ body, signature, integration }: Signed, keys: readonly Key[]): Verdict {
  const digest = digestOf(signature);
  if (typeof digest === 'string') return { ok: false, reason: digest };
  const candidates = keys.filter((key) => key.integration === undefined || key.integration === integration);
  if (candidates.length === 0) return { ok: false, reason: 'integration-unknown' };
  const key = candidates.find(({ secret }) =>
    timingSafeEqual(Buffer.from(sign(secret, body), 'hex'), digest),
  );
  return key === undefined ? { ok: false, reason: 'signature-mismatch' } : { ok: true, key };
}
