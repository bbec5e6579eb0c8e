import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../functions/receiver/secret-value.ts';
import { decodeSignature, type Key, matchingKey, sign } from '../../../functions/receiver/signature.ts';
import { veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const secrets = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' });

const keyOf = (secret: string): Key => ({
  secret,
  integration: undefined,
  fingerprint: fingerprint(secret),
  label: 'AWSCURRENT',
});

function signerIn(keys: readonly Key[], body: Uint8Array | string, signature: string) {
  const digest = decodeSignature(signature);
  if (typeof digest === 'string') throw new Error(digest);
  return matchingKey(Buffer.from(body), digest, keys);
}

describe('sign', () => {
  // Made with: printf BODY | openssl dgst -hmac SECRET
  it.each([
    [SECRET, '{"hello":"world"}', '154b0b96372cd31ca61a7d3b243b62d0b94715cecca29c994357b2a6d7254f07'],
    [SECRET, '', '4005304bae46f8a0c2b1fbd7088f9dded39dc1040be754dede2bf198ab44b7c8'],
    [SECRET, 'äöü 🚩', 'aa3720da99070e58e91815d87e4f556472826d84ff214c3f83fd85b0f5357b8d'],
    [SECRET, veriffSample.body, '1da623c343bb44207315c50395efffe36fab01703e3728e1e57543f2cff21145'],
    [
      'ключ',
      Buffer.from([0xff, 0x00, 0xfe]),
      'f38cc16974ff869e73c3cdee81200326c46f5b6329f0edb84da20d339d67ad9a',
    ],
  ])('makes what another tool makes', (secret, body, signature) => {
    expect(sign(secret, body)).toBe(signature);
  });
});

describe('the key that signed a body', () => {
  it('is found for any body and any key, in either case of the hex digits', () => {
    fc.assert(
      fc.property(bytes, secrets, fc.boolean(), (body, secret, upper) => {
        const signature = sign(secret, body);
        expect(signerIn([keyOf(secret)], body, upper ? signature.toUpperCase() : signature)).toEqual(
          keyOf(secret),
        );
      }),
    );
  });

  it('is not found for a body with one flipped bit anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (body, position) => {
        const altered = Uint8Array.from(body);
        const at = Math.floor(position / 8) % body.length;
        altered[at] = (altered[at] ?? 0) ^ (1 << (position % 8));
        expect(signerIn([keyOf(SECRET)], altered, sign(SECRET, body))).toBeUndefined();
      }),
    );
  });

  it('is not found for a signature with one flipped bit anywhere', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 255 }), (body, bit) => {
        const digest = Buffer.from(sign(SECRET, body), 'hex');
        digest.writeUInt8(digest.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(signerIn([keyOf(SECRET)], body, digest.toString('hex'))).toBeUndefined();
      }),
    );
  });

  it('is not found for a signature made with any other key', () => {
    fc.assert(
      fc.property(bytes, secrets, secrets, (body, secret, other) => {
        fc.pre(secret !== other);
        expect(signerIn([keyOf(secret)], body, sign(other, body))).toBeUndefined();
      }),
    );
  });

  it('is found among any number of keys', () => {
    fc.assert(
      fc.property(fc.uniqueArray(secrets, { minLength: 1, maxLength: 20 }), fc.nat(), (all, index) => {
        const secret = all[index % all.length] ?? '';
        expect(signerIn(all.map(keyOf), 'x', sign(secret, 'x'))).toEqual(keyOf(secret));
      }),
    );
  });

  it('is none when there are no keys', () => expect(signerIn([], 'x', sign(SECRET, 'x'))).toBeUndefined());
});

describe('decodeSignature', () => {
  const good = sign(SECRET, 'x');
  it.each([undefined, ''])('calls %j missing', (signature) =>
    expect(decodeSignature(signature)).toBe('signature-missing'),
  );
  it.each([
    good.slice(1),
    `${good}0`,
    ` ${good}`,
    `${good}\n`,
    good.replace(/^./, 'g'),
    `${good},${good}`,
    'sha256=x',
  ])('calls anything but 64 hex digits malformed: %j', (signature) =>
    expect(decodeSignature(signature)).toBe('signature-malformed'),
  );
  it('calls any other text malformed', () => {
    const other = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/^[0-9a-f]{64}$/i.test(text));
    fc.assert(
      fc.property(other, (signature) => {
        expect(decodeSignature(signature)).toBe('signature-malformed');
      }),
    );
  });
  it('reads 64 hex digits of either case', () => {
    expect(decodeSignature(good)).toEqual(Buffer.from(good, 'hex'));
    expect(decodeSignature(good.toUpperCase())).toEqual(Buffer.from(good, 'hex'));
  });
});
