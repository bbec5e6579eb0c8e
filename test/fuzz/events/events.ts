import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { bytesOf, hmac } from '../judge/reading.ts';
import type { Secret } from '../secret-forms.ts';
import { bodies } from './bodies.ts';
import { weighted } from './weighted.ts';

type Encode = (bytes: Buffer) => { readonly body: string; readonly isBase64Encoded: unknown };

const asText: Encode = (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: false });
const asBase64: Encode = (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: true });

const encoding = weighted<Encode>(
  [8, fc.constantFrom(asText, asBase64)],
  [
    1,
    fc.constantFrom<Encode>(
      (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: false }),
      (bytes) => ({ body: bytes.toString('utf8'), isBase64Encoded: true }),
      (bytes) => asBase64(Buffer.from(bytes.toString('base64'))),
      (bytes) => ({ body: bytes.toString('base64url'), isBase64Encoded: true }),
      (bytes) => ({ body: `${bytes.toString('base64')}=\n*`, isBase64Encoded: true }),
      (bytes) => ({ body: bytes.toString('latin1'), isBase64Encoded: false }),
      (bytes) => ({ body: bytes.toString('base64'), isBase64Encoded: 'true' }),
    ),
  ],
);

/** From the bytes as they are received to the value of a signature's header. */
type Sign = (bytes: Buffer, secret: string) => unknown;

const signing = weighted<Sign>(
  [45, fc.constantFrom<Sign>(hmac, (bytes, secret) => hmac(bytes, secret).toUpperCase())],
  [
    25,
    fc.constantFrom<Sign>(
      () => undefined,
      () => '',
      () => '0'.repeat(64),
      (bytes) => hmac(bytes, ''),
      (bytes, secret) => hmac(bytes, `${secret} `),
      (bytes, secret) => hmac(Buffer.concat([bytes, Buffer.from(' ')]), secret),
      (bytes, secret) => hmac(bytes.toString('base64'), secret),
      (bytes, secret) => hmac(secret, bytes.toString()),
      (bytes, secret) => createHash('sha256').update(bytes).update(secret).digest('hex'),
      (bytes, secret) => createHmac('sha512', secret).update(bytes).digest('hex'),
      (bytes, secret) => createHmac('sha256', secret).update(bytes).digest('base64'),
      (bytes, secret) => `sha256=${hmac(bytes, secret)}`,
      (bytes, secret) => `${hmac(bytes, secret)},${hmac(bytes, secret)}`,
      (bytes, secret) => hmac(bytes, secret).slice(1),
      (bytes, secret) => `${hmac(bytes, secret)}0`,
      (bytes, secret) => ` ${hmac(bytes, secret)}`,
      (bytes, secret) => [hmac(bytes, secret)],
      (bytes, secret) => ({ toString: hmac(bytes, secret) }),
    ),
  ],
  [2, fc.anything({ maxDepth: 1 }).map((value) => () => value)],
  [2, fc.string({ unit: 'binary' }).map((value) => () => value)],
);

const signatureName = fc.constantFrom(
  ...['x-hmac-signature', 'x-hmac-signature', 'X-HMAC-SIGNATURE', 'X-Hmac-Signature', 'vrf-hmac-signature'],
  ...['Vrf-Hmac-Signature', 'x-signature', 'x-hmac-signature ', 'x_hmac_signature', '__proto__'],
);
/** None of them is signed: whatever they say changes nothing. */
const clientName = fc.constantFrom(
  ...['x-auth-client', 'X-AUTH-CLIENT', 'vrf-auth-client', 'vrf-integration-id', 'x-auth-clients'],
);
const noiseName = fc.oneof(signatureName, fc.string({ maxLength: 8 }));
const noise = fc.dictionary(noiseName, fc.anything({ maxDepth: 1 }), { maxKeys: 3 });

const FIELDS = ['headers', 'body', 'isBase64Encoded', 'version', 'requestContext', 'multiValueHeaders'];

/** What is done to the whole event. */
const damage = weighted<object>(
  [12, fc.constant({})],
  [1, fc.dictionary(fc.constantFrom(...FIELDS), fc.anything({ maxDepth: 2 }), { maxKeys: 2 })],
);

/** Events as API Gateway makes them and as it would never: a part of them signed as Veriff signs. */
export function events({ keys, noKeys }: Secret): fc.Arbitrary<unknown> {
  const names = keys.map(({ integration }) => integration ?? 'api-key');
  const delivery = fc
    .record({
      bytes: bodies,
      encode: encoding,
      sign: signing,
      key: weighted(
        [12, fc.constantFrom(...keys.map(({ secret }) => secret))],
        [1, fc.constantFrom(...noKeys)],
      ),
      signatureName,
      clientName,
      client: fc.constantFrom<unknown>('', 'toString', '__proto__', undefined, ['live'], ...names),
      noise: fc.option(noise, { freq: 6, nil: {} }),
      damage,
    })
    .map((made) => {
      const content = made.encode(made.bytes);
      const signature = made.sign(bytesOf(content), made.key);
      const headers = {
        'content-type': 'application/json',
        ...made.noise,
        ...(signature !== undefined && { [made.signatureName]: signature }),
        ...(made.client !== undefined && { [made.clientName]: made.client }),
      };
      return {
        version: '2.0',
        headers,
        requestContext: { http: { method: 'POST' } },
        ...content,
        ...made.damage,
      };
    });
  return weighted<unknown>(
    [15, delivery],
    [1, fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true })],
  );
}
