import { createHash } from 'node:crypto';
import type { Write } from '../canned-aws.ts';
import { PRIVATE } from './bodies.ts';
import { at, bytesOf, expectations, hmac, parsed, signaturesOf } from './reading.ts';
import type { Secret } from './secret-forms.ts';
import { isTooLarge, wrongAttributes, wrongWrite } from './writes.ts';

/** All that an event led to. */
export interface Observed {
  readonly answer: unknown;
  readonly writes: readonly Write[];
  readonly lines: readonly string[];
}

/** How the log names a key. */
export function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

/** What is wrong with what an event led to: promises that were broken. */
export function findings(event: unknown, { answer, writes, lines }: Observed, { keys }: Secret): string[] {
  const { broken, expect } = expectations();
  const status = at(answer, 'statusCode');
  const body = parsed(String(at(answer, 'body')));
  const type = at(answer, 'headers', 'content-type');
  const [line, ...more] = lines.map(parsed).filter((one) => at(one, 'outcome') !== undefined);

  // A header may be there twice: then either one is right.
  const signatures = signaturesOf(event).map((value) => value.toLowerCase());
  const bytes = bytesOf(event);
  const digests = signatures.length === 0 ? [] : keys.map(({ secret }) => hmac(bytes, secret));
  const signers = keys.filter((_, index) => signatures.includes(digests[index] ?? ''));
  const isSigned = signatures.length > 0 && signatures.every((value) => digests.includes(value));
  const signer = signers.find(({ secret }) => fingerprintOf(secret) === at(line, 'key'));

  expect(
    [200, 401, 413].includes(Number(status)),
    `the status is documented and no service failed: ${status}`,
  );
  expect(
    writes.length === (status === 200 ? 1 : 0),
    `one queue write for a 200 and none otherwise: ${writes.length}`,
  );
  expect(line !== undefined && more.length === 0, 'a delivery has one line in the log');
  if (status === 401) {
    expect(!isSigned, 'what is signed correctly is not refused');
    expect(at(line, 'key') === undefined, 'the line of a refused delivery names no key');
  } else {
    expect(signers.length > 0, 'what is not signed is refused');
    expect(signer !== undefined, 'the log names the key that signed');
    expect(at(line, 'version') === 'AWSCURRENT', 'the log names the version that the key is of');
  }
  if (status === 200) {
    expect(type === 'application/json', 'a 200 is JSON');
    for (const write of writes) {
      broken.push(...wrongWrite(event, body, write));
      broken.push(...wrongAttributes(write, signer?.integration, at(line, 'reduced') === true));
    }
  } else {
    expect(type === 'application/problem+json', 'a refusal is a problem document');
    expect(at(body, 'status') === status, 'a problem document names its status');
  }
  if (status === 413) expect(isTooLarge(bytes), 'what fits is not too large');

  const seen = [...lines, String(at(answer, 'body'))].join('\n');
  const given = signaturesOf(event).filter(({ length }) => length > 15);
  for (const text of [PRIVATE, ...keys.map(({ secret }) => secret), ...given]) {
    expect(!seen.includes(text), `neither a log line nor an answer repeats ${text.slice(0, 16)}`);
  }
  return broken;
}
