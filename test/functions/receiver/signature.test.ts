import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, type Key, sign, verify } from '../../../functions/receiver/signature.ts';
import { veriffSample } from '../../support/samples.ts';
import { SECRET } from '../../support/webhook.ts';

const bare: Key = { secret: SECRET, integration: undefined, stage: 'AWSCURRENT' };
const bytes = fc.uint8Array({ maxLength: 200 });
const secrets = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' });

function signed(body: Uint8Array | string, secret = SECRET, integration?: string) {
  return { body: Buffer.from(body), signature: sign(secret, body), integration };
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

describe('verify', () => {
  it('accepts any body signed with any key, in either case', () => {
    fc.assert(
      fc.property(bytes, secrets, fc.boolean(), (body, secret, upper) => {
        const { signature } = signed(body, secret);
        const given = {
          body,
          signature: upper ? signature.toUpperCase() : signature,
          integration: undefined,
        };
        expect(verify(given, [{ ...bare, secret }]).ok).toBe(true);
      }),
    );
  });

  it('refuses a body with one flipped bit anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (body, position) => {
        const altered = Uint8Array.from(body);
        const at = Math.floor(position / 8) % body.length;
        altered[at] = (altered[at] ?? 0) ^ (1 << (position % 8));
        const verdict = verify({ ...signed(body), body: altered }, [bare]);
        expect(verdict).toEqual({ ok: false, reason: 'signature-mismatch' });
      }),
    );
  });

  it('refuses a signature with one flipped bit anywhere', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 255 }), (body, bit) => {
        const digest = Buffer.from(sign(SECRET, body), 'hex');
        digest.writeUInt8(digest.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const verdict = verify({ ...signed(body), signature: digest.toString('hex') }, [bare]);
        expect(verdict).toEqual({ ok: false, reason: 'signature-mismatch' });
      }),
    );
  });

  it('refuses a signature made with any other key', () => {
    fc.assert(
      fc.property(bytes, secrets, secrets, (body, secret, other) => {
        fc.pre(secret !== other);
        expect(verify(signed(body, other), [{ ...bare, secret }]).ok).toBe(false);
      }),
    );
  });

  it('tries each key, and tells which one verified', () => {
    const previous: Key = { ...bare, secret: 'old', stage: 'AWSPREVIOUS' };
    expect(verify(signed('x', 'old'), [bare, previous])).toEqual({ ok: true, key: previous });
    expect(verify(signed('x'), [bare, previous])).toEqual({ ok: true, key: bare });
  });

  it('tries only the keys of the integration that is named', () => {
    const keys: Key[] = [
      { ...bare, secret: 'a-secret', integration: 'a' },
      { ...bare, secret: 'b-secret', integration: 'b' },
    ];
    expect(verify(signed('x', 'b-secret', 'b'), keys)).toEqual({ ok: true, key: keys[1] });
    expect(verify(signed('x', 'b-secret', 'a'), keys)).toEqual({ ok: false, reason: 'signature-mismatch' });
  });

  it.each([undefined, '', 'c', '__proto__', 'toString'])(
    'refuses an integration that no key is for: %s',
    (integration) => {
      const keys: Key[] = [{ ...bare, integration: 'a' }];
      expect(verify(signed('x', SECRET, integration), keys)).toEqual({
        ok: false,
        reason: 'integration-unknown',
      });
    },
  );

  it('refuses every signature that is missing or malformed without an exception', () => {
    const malformedOnes = fc.string({ unit: 'binary' }).filter((text) => !/^[0-9a-f]{64}$/i.test(text));
    fc.assert(
      fc.property(fc.option(malformedOnes, { nil: undefined }), (signature) => {
        expect(verify({ ...signed('x'), signature }, [bare]).ok).toBe(false);
      }),
    );
  });
});

describe('digestOf', () => {
  const good = sign(SECRET, 'x');
  it.each([undefined, ''])('calls %j missing', (signature) =>
    expect(digestOf(signature)).toBe('signature-missing'),
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
    expect(digestOf(signature)).toBe('signature-malformed'),
  );
  it('reads 64 hex digits of either case', () => {
    expect(digestOf(good)).toEqual(Buffer.from(good, 'hex'));
    expect(digestOf(good.toUpperCase())).toEqual(Buffer.from(good, 'hex'));
  });
});
